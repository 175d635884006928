/**
 * Who is let in: a session (an empty file named by the token in the cookie) or Basic. Caddy checks both by itself, with no
 * reload and no other process. Each gate leaves how it let the request in, in the variable `tidepool_auth`.
 */
import { sessionCookieName } from '@tidepool/core';
import type { BaseConfigInput } from './base-config.ts';
import { type Handler, type HttpRoute, type MatcherSet, subroute } from './caddy-json.ts';

const variable = 'tidepool_auth';

/** `session` or `basic`, behind a gate that lets nobody else pass. */
export const authPlaceholder = `{http.vars.${variable}}`;

/**
 * Notes a valid session. A path such as `../x` or `*` is no token, so the file matcher never sees one. Of several cookies of
 * the name the last counts: a page of a workspace can set one on a longer path, which browsers send before ours (RFC 6265,
 * 5.4), and would keep its owner out.
 */
export function sessionGate({ ports, directories }: BaseConfigInput): readonly HttpRoute[] {
  const cookie = `^(?:.*; )?${sessionCookieName(ports.app)}=([A-Za-z0-9_-]{43})(?:;|$)`;
  return [
    {
      match: [{ header_regexp: { Cookie: { name: 'session', pattern: cookie } } }],
      handle: [
        subroute([
          {
            match: [{ file: { root: directories.sessions, try_files: ['/{http.regexp.session.1}'] } }],
            handle: [note('session')],
          },
        ]),
      ],
    },
  ];
}

/** Error 401 with a challenge unless the password is right. `Authorization` ends here: what lies behind never learns it. */
export function basicGate({ user, passwordHash }: BaseConfigInput): readonly Handler[] {
  return [
    {
      handler: 'authentication',
      providers: {
        http_basic: {
          accounts: [{ username: user.replaceAll(/[{}]/g, '\\$&'), password: passwordHash }],
          hash: { algorithm: 'bcrypt' },
          // Without it each request costs a whole bcrypt: 16 requests a second instead of thousands.
          hash_cache: {},
          realm: 'Tidepool',
        },
      },
    },
    { handler: 'headers', request: { delete: ['Authorization'] } },
    note('basic'),
  ];
}

/** Matches whoever was let in as none of these. */
export function isNot(...ways: readonly ('session' | 'basic')[]): MatcherSet {
  return { not: [{ vars: { [variable]: ways } }] };
}

function note(auth: 'session' | 'basic'): Handler {
  return { handler: 'vars', [variable]: auth };
}
