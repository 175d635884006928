/** The few answers that Caddy gives by itself, without the server: it is down, or nobody is signed in. */
import { problemContentType, TidepoolError, toProblem } from '@tidepool/core';
import type { Handler, HttpRoute } from './caddy-json.ts';
import { pageLoad } from './page-load.ts';

const seconds = 2;

/** The server does not answer: a page that asks again by itself. `tidepool up` starts the server again. */
export const serverDown: readonly HttpRoute[] = [
  {
    group: 'server-down',
    match: [{ path: ['/api/*'] }],
    handle: [
      answer(503, problemContentType, problemOf('not_ready', 'The server of Tidepool does not answer.'), {
        'Retry-After': [String(seconds)],
      }),
    ],
  },
  {
    group: 'server-down',
    match: pageLoad,
    handle: [
      answer(
        503,
        'text/html; charset=utf-8',
        page({
          title: 'Tidepool is starting',
          text: 'The server of Tidepool does not answer at the moment. This page tries again by itself. If it stays like this, see whether <code>npm start</code> is still running on the host.',
          head: `<meta http-equiv="refresh" content="${seconds}">`,
        }),
        { 'Retry-After': [String(seconds)] },
      ),
    ],
  },
  {
    group: 'server-down',
    handle: [
      answer(503, 'text/plain; charset=utf-8', 'Tidepool is starting. Try again in a moment.\n', {
        'Retry-After': [String(seconds)],
      }),
    ],
  },
];

/** Wrong or no password on the app origin: what is left of a 401 when the browser's question is dismissed. */
export const unauthenticated: readonly HttpRoute[] = [
  {
    group: 'unauthenticated',
    match: [{ path: ['/api/*'] }],
    handle: [answer(401, problemContentType, problemOf('unauthenticated'))],
  },
  {
    group: 'unauthenticated',
    match: pageLoad,
    handle: [
      answer(
        401,
        'text/html; charset=utf-8',
        page({
          title: 'Not signed in',
          text: 'Tidepool asks for the user and the password that <code>npm start</code> printed. Load this page again to enter them.',
          head: '',
        }),
      ),
    ],
  },
  { group: 'unauthenticated', handle: [notSignedIn()] },
];

/** The workspace origin's 401: without a challenge, which would collide with applications that use `Authorization`. */
export function notSignedIn(): Handler {
  return answer(
    401,
    'text/plain; charset=utf-8',
    'Not signed in. Open the page of Tidepool first, or send its password.\n',
  );
}

function answer(
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, readonly string[]>> = {},
): Handler {
  return {
    handler: 'static_response',
    status_code: status,
    headers: { 'Content-Type': [contentType], 'Cache-Control': ['no-store'], ...headers },
    body: body.replaceAll(/[{}]/g, '\\$&'),
  };
}

function problemOf(code: 'not_ready' | 'unauthenticated', detail?: string): string {
  return JSON.stringify(toProblem(new TidepoolError(code, detail === undefined ? {} : { detail })));
}

function page({ title, text, head }: { title: string; text: string; head: string }): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title></head><body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark"><h1>${title}</h1><p>${text}</p></body></html>\n`;
}
