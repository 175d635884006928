/**
 * The way to Tidepool's server. It answers only who knows the secret, which is set in the proxy's own headers: one set by a
 * `headers` handler would be stripped by a client's `Connection: X-Tidepool-Proxy`.
 */
import { proxyHeaders, proxyPaths } from '@tidepool/core';
import type { BaseConfigInput } from './base-config.ts';
import { type Handler, subroute } from './caddy-json.ts';
import { serverDown } from './own-answers.ts';
import { authPlaceholder } from './sign-in.ts';

/** @param asked `listener`: the origin. `auth`: how the request was let in; `none` where nobody was */
export function serverProxy(
  input: BaseConfigInput,
  asked: { readonly listener: 'app' | 'workspace'; readonly auth?: 'none' },
): Handler {
  return proxy(input, { ...asked, headers: { set: {}, delete: ['Authorization'] } });
}

/**
 * The server's page about a workspace that cannot be shown. Without `Upgrade` and `Connection`, for Node would take the
 * request for a WebSocket's; so its answer is never a 101.
 */
export function serverPage(input: BaseConfigInput, page: 'noRoute' | 'unreachable'): Handler {
  const status = { [proxyHeaders.status]: ['{http.error.status_code}'] };
  return proxy(input, {
    listener: 'workspace',
    // The question mark drops the query of what was asked for.
    rewrite: { uri: `${proxyPaths[page]}?` },
    headers: {
      set: { [proxyHeaders.uri]: ['{http.request.orig_uri}'], ...(page === 'unreachable' ? status : {}) },
      delete: ['Authorization', 'Cookie', 'Upgrade', 'Connection'],
    },
  });
}

interface Way {
  readonly listener: 'app' | 'workspace';
  readonly auth?: 'none';
  readonly rewrite?: { readonly uri: string };
  readonly headers: {
    readonly set: { readonly [header: string]: readonly string[] };
    readonly delete: readonly string[];
  };
}

function proxy(input: BaseConfigInput, { listener, auth, rewrite, headers }: Way): Handler {
  const { ports, proxySecret } = input;
  const set = {
    [proxyHeaders.secret]: [proxySecret],
    [proxyHeaders.listener]: [listener],
    [proxyHeaders.auth]: [auth ?? authPlaceholder],
    ...headers.set,
  };
  const handler: Handler = {
    handler: 'reverse_proxy',
    upstreams: [{ dial: `127.0.0.1:${ports.api}` }],
    transport,
    ...(rewrite ? { rewrite } : {}),
    headers: { request: { set, delete: headers.delete } },
  };
  return subroute([{ handle: [handler] }], serverDown);
}

/** `compression: false`: bodies pass as they are, instead of being asked for in gzip and unpacked on the way. */
export const transport = { protocol: 'http', dial_timeout: '3s', compression: false };
