/** What Caddy tells the server with each request. Caddy overwrites all of them, so a client's own never arrive. */
export const proxyHeaders = {
  /** The secret of this home: the server answers nobody who does not know it. */
  secret: 'X-Tidepool-Proxy',
  /** `app` or `workspace`: the origin that was asked. */
  listener: 'X-Tidepool-Listener',
  /** `basic`, `session` or `none`: how the request was let in. */
  auth: 'X-Tidepool-Auth',
  /** On `noRoute` and `unreachable`: the URI that was asked for, as it came. */
  uri: 'X-Tidepool-Uri',
  /** On `unreachable`: 502, 503 or 504. */
  status: 'X-Tidepool-Status',
} as const;

/** Addresses of the server that Caddy sends requests to by itself. The first is of the app origin, the others of the workspace origin. */
export const proxyPaths = {
  signIn: '/app/sign-in',
  signedIn: '/-/signed-in',
  noRoute: '/-/no-route',
  unreachable: '/-/unreachable',
} as const;
