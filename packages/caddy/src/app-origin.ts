/** The app origin: the SPA and the API, behind a session or Basic. Browsers are asked for the password here, and only here. */
import type { BaseConfigInput } from './base-config.ts';
import { asJson, type Json } from './caddy-json.ts';
import { compressed } from './compression.ts';
import { unauthenticated } from './own-answers.ts';
import { serverProxy } from './server-proxy.ts';
import { basicGate, isNot, sessionGate } from './sign-in.ts';
import { dropSpoofedHeaders } from './spoofed-headers.ts';

export function appOrigin(input: BaseConfigInput): { readonly [key: string]: Json } {
  return {
    routes: asJson([
      {
        match: [{ path: ['/'] }],
        handle: [{ handler: 'static_response', status_code: 302, headers: { Location: ['/app/'] } }],
      },
      dropSpoofedHeaders,
      ...sessionGate(input),
      { match: [isNot('session')], handle: basicGate(input) },
      compressed,
      { handle: [serverProxy(input, { listener: 'app' })] },
    ]),
    errors: {
      routes: asJson(
        unauthenticated.map(({ match, ...route }) => ({
          ...route,
          match: (match ?? [{}]).map((set) => ({ ...set, vars: { '{http.error.status_code}': ['401'] } })),
        })),
      ),
    },
  };
}
