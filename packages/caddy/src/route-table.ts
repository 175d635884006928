/**
 * The file table: which address a path leads to stands in the name of an empty file, looked up at each request, so that a
 * route comes and goes without a change of the config. `file-routes.ts` writes the files.
 *
 *     ROUTES/<workspace>/ide/<address>          /workspace/<workspace>/*, prefix cut
 *     ROUTES/<workspace>/<port>/<address>       /workspace/<workspace>/port/<port>/*, prefix cut
 *     ROUTES/<workspace>/<port>-kept/<address>  the same, the application sees the whole path
 */
import type { BaseConfigInput } from './base-config.ts';
import { type Handler, type HttpRoute, type Json, subroute } from './caddy-json.ts';
import { serverPage, transport } from './server-proxy.ts';
import { addressPatterns } from './target-file.ts';

const name = '[a-z][a-z0-9-]{2,39}';
const portPrefix = '/workspace/{http.regexp.port.1}/port/{http.regexp.port.2}';

/** Matchers see the cleaned, decoded path, the rewrites the raw one. */
export function routeTable(input: BaseConfigInput): readonly HttpRoute[] {
  // An address has a colon; what a file manager leaves behind has none.
  const fileOf = (place: string) => [{ file: { root: input.directories.routes, try_files: [`${place}/*:*`] } }];
  const dial = dialAddress(input.directories.relay);
  return [
    {
      match: [{ path_regexp: { name: 'bare', pattern: `^/workspace/(${name})$` } }],
      handle: addSlash('/workspace/{http.regexp.bare.1}/'),
    },
    ...cutSessionCookie,
    {
      group: 'table',
      match: [{ path_regexp: { name: 'port', pattern: `^/workspace/(${name})/port/([0-9]{1,5})(?:/|$)` } }],
      handle: [
        subroute([
          {
            match: fileOf('/{http.regexp.port.1}/{http.regexp.port.2}'),
            handle: [
              // Never where the prefix is kept: applications that know their base redirect it away again.
              subroute([
                {
                  match: [{ path_regexp: { pattern: '^/workspace/[^/]+/port/[0-9]+$' } }],
                  handle: addSlash(`${portPrefix}/`),
                },
              ]),
              dial,
              cut('^/workspace/[^/]+/port/[0-9]+'),
              instance(input, { scope: `${portPrefix}/`, prefix: portPrefix }),
            ],
          },
          {
            match: fileOf('/{http.regexp.port.1}/{http.regexp.port.2}-kept'),
            handle: [dial, instance(input, { scope: `${portPrefix}/` })],
          },
        ]),
      ],
    },
    {
      group: 'table',
      match: [{ path_regexp: { name: 'ide', pattern: `^/workspace/(${name})/` } }],
      handle: [
        subroute([
          {
            match: fileOf('/{http.regexp.ide.1}/ide'),
            handle: [dial, cut('^/workspace/[^/]+'), instance(input, { scope: '/workspace/{http.regexp.ide.1}/' })],
          },
        ]),
      ],
    },
    { handle: [serverPage(input, 'noRoute')] },
  ];
}

/** From captured groups, never from the path itself: `//evil.example/../workspace/web` would lead away. Keeps the query. */
function addSlash(path: string): readonly Handler[] {
  return [
    { handler: 'rewrite', uri: path },
    { handler: 'static_response', status_code: 308, headers: { Location: ['{http.request.uri}'] } },
  ];
}

const ours = '[\\s=]*tidepool_[0-9]+\\s*=[^;]*';

/** Whoever runs a workspace must not learn the session of its visitor. Alone; and first, middle or last among others. */
const cutSessionCookie: readonly HttpRoute[] = [
  {
    match: [{ header_regexp: { Cookie: { pattern: `^(?:${ours}(?:;\\s*|$))+$` } } }],
    handle: [{ handler: 'headers', request: { delete: ['Cookie'] } }],
  },
  {
    match: [{ header_regexp: { Cookie: { pattern: 'tidepool_' } } }],
    handle: [
      {
        handler: 'headers',
        request: {
          replace: {
            Cookie: [
              { search_regexp: `^(?:${ours}(?:;\\s*|$))+`, replace: '' },
              { search_regexp: `;${ours}`, replace: '' },
            ],
          },
        },
      },
    ],
  },
];

/** `map`, for 2.6.2 tests a `vars_regexp` against `<nil>`. A stray file is an address that nobody can listen on: a 502. */
function dialAddress(relay: string): Handler {
  return {
    handler: 'map',
    source: '{http.matchers.file.relative}',
    destinations: ['{tidepool.dial}'],
    mappings: [
      { input_regexp: `/${addressPatterns.unix}$`, outputs: [`unix/${relay}/\${1}/\${2}.sock`] },
      { input_regexp: `/${addressPatterns.tcp}$`, outputs: [`\${1}:\${2}`] },
    ],
    defaults: ['127.0.0.1:0'],
  };
}

/** Not `strip_path_prefix`, which would merge `//` and resolve `..`. */
function cut(prefix: string): Handler {
  return { handler: 'rewrite', path_regexp: [{ find: prefix, replace: '' }] };
}

/**
 * No passive health checks: with a placeholder for an address, all workspaces would share one entry. No `flush_interval`:
 * event streams flush by themselves, and 2.6.2 would end requests in flight at a reload.
 * @param place `scope`: how far a service worker may reach. `prefix`: what was cut from the path
 */
function instance({ origins }: BaseConfigInput, place: { readonly scope: string; readonly prefix?: string }): Handler {
  const set = {
    ...(place.prefix === undefined ? {} : { 'X-Forwarded-Prefix': [place.prefix] }),
    ...(origins.workspace?.startsWith('https:') ? { 'X-Forwarded-Proto': ['https'] } : {}),
  };
  return {
    handler: 'reverse_proxy',
    upstreams: [{ dial: '{tidepool.dial}' }],
    transport,
    headers: { request: { set }, response: confined(place.scope) },
    handle_response: [refuseSessionByWebSocket],
  };
}

/** What an application must not say to a browser, for it would reach every workspace of the origin. */
function confined(scope: string): { readonly [operation: string]: Json } {
  return {
    delete: ['Clear-Site-Data'],
    replace: {
      // The editor needs it, for its own.
      'Service-Worker-Allowed': [{ search_regexp: '^.*$', replace: scope }],
      // Else it would sign people out. A browser ignores the empty one that is left.
      'Set-Cookie': [{ search_regexp: '^[\\s=]*tidepool_[0-9]+\\s*=.*$', replace: '' }],
    },
  };
}

/** `headers.response` leaves the answer to a WebSocket as it is, and 2.6.2 writes it past any other handler (tried). */
const refuseSessionByWebSocket = {
  match: { status_code: [101], headers: { 'Set-Cookie': ['*tidepool_*'] } },
  routes: [{ handle: [{ handler: 'static_response', status_code: 502 }] }],
};
