/**
 * What happens to a request once its route is known, whichever table found it: the address is dialled, the prefix cut or
 * kept, and nothing that would reach other workspaces gets through.
 */
import type { BaseConfigInput } from './base-config.ts';
import { type Handler, type HttpRoute, type Json, type MatcherSet, subroute } from './caddy-json.ts';
import { transport } from './server-proxy.ts';
import { addressPatterns } from './target-file.ts';

const name = '[a-z][a-z0-9-]{2,39}';
const portPrefix = '/workspace/{http.regexp.port.1}/port/{http.regexp.port.2}';

/** Their groups are `{http.regexp.port.1}`, the workspace, and `{http.regexp.port.2}`; and `{http.regexp.ide.1}`. The first matches first. */
export const paths = {
  port: [{ path_regexp: { name: 'port', pattern: `^/workspace/(${name})/port/([0-9]{1,5})(?:/|$)` } }],
  ide: [{ path_regexp: { name: 'ide', pattern: `^/workspace/(${name})/` } }],
} as const satisfies Record<string, readonly MatcherSet[]>;

/** Before a route is looked up. Matchers see the cleaned, decoded path, the rewrites the raw one. */
export function beforeLookup(): readonly HttpRoute[] {
  return [
    {
      match: [{ path_regexp: { name: 'bare', pattern: `^/workspace/(${name})$` } }],
      handle: addSlash('/workspace/{http.regexp.bare.1}/'),
    },
    ...cutSessionCookie,
  ];
}

/** How a route serves: the editor; a port whose prefix is cut; one that sees the whole path. */
export type Manner = 'ide' | 'cut' | 'kept';

/** @param found where the lookup left the address: `placeholder`, and what stands before it there */
export function toInstance(
  input: BaseConfigInput,
  manner: Manner,
  found: { readonly placeholder: string; readonly before: '/' | '^' },
): readonly Handler[] {
  const dial = dialAddress(input.directories.relay, found);
  switch (manner) {
    case 'ide':
      return [dial, cut('^/workspace/[^/]+'), instance(input, { scope: '/workspace/{http.regexp.ide.1}/' })];
    case 'cut':
      return [
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
      ];
    case 'kept':
      return [dial, instance(input, { scope: `${portPrefix}/` })];
  }
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
function dialAddress(relay: string, { placeholder, before }: Parameters<typeof toInstance>[2]): Handler {
  return {
    handler: 'map',
    source: placeholder,
    destinations: ['{tidepool.dial}'],
    mappings: [
      { input_regexp: `${before}${addressPatterns.unix}$`, outputs: [`unix/${relay}/\${1}/\${2}.sock`] },
      { input_regexp: `${before}${addressPatterns.tcp}$`, outputs: [`\${1}:\${2}`] },
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
function instance(
  { origins, routes }: BaseConfigInput,
  place: { readonly scope: string; readonly prefix?: string },
): Handler {
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
    // Routes that are part of the config change it, and each change would close every WebSocket at once.
    ...(routes === 'admin' ? { [streamsOutlive]: '24h' } : {}),
  };
}

/** For so long an open WebSocket survives the first change of the config after it. From Caddy 2.7 on. */
export const streamsOutlive = 'stream_close_delay';

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
