/**
 * Sign-in: Caddy asks for user and password on the app origin only; a session's cookie, which holds for both origins of one
 * host name, lets a browser into the workspace origin. `/app/sign-in` hands over, `/-/signed-in` says where it did not arrive.
 */
import {
  type Config,
  proxyHeaders,
  proxyPaths,
  returnPathOf,
  sessionCookieName,
  sessionToken,
  TidepoolError,
} from '@tidepool/core';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { requireSignIn } from './access/guard.ts';
import { isPageLoad, wantsPage } from './access/page-load.ts';
import { isSecure, publicOrigin } from './access/public-origin.ts';
import { sendPage } from './pages/send-page.ts';
import { badReturnPage, cookieMissingPage, signedOutPage } from './pages/sign-in-pages.ts';
import type { Sessions } from './sessions.ts';

export interface SignInParts {
  readonly sessions: Sessions;
  readonly config: Pick<Config, 'origins' | 'ports'>;
}

/** `/app/sign-in` and `POST /app/sign-out`, behind Caddy's basic auth or a session. */
export function appSignIn({ sessions, config }: SignInParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(proxyPaths.signIn, requireSignIn);
  router.get(proxyPaths.signIn, async (request, response) => {
    const path = returnPathOf(request.originalUrl);
    if (path === null) return sendPage(request, response, badReturnPage(publicOrigin('app', request, config)));
    await ensureSession({ sessions, config }, request, response);
    const workspaceOrigin = publicOrigin('workspace', request, config);
    redirect(response, `${workspaceOrigin}${proxyPaths.signedIn}?return=${path}`);
  });
  router.post('/app/sign-out', requireSignIn, async (request, response) => {
    await sessions.remove(tokenOf(request, config) ?? '');
    response.append('Set-Cookie', `${cookieOf(request, config, '')}; Max-Age=0`);
    if (wantsPage(request)) return sendPage(request, response, signedOutPage());
    response.status(204).end();
  });
  return router;
}

/** `/-/signed-in` on the workspace origin: with a session back to where the browser wanted to go, else never a redirect. */
export function workspaceSignedIn({ config }: Pick<SignInParts, 'config'>): RequestHandler {
  return (request, response) => {
    const appOrigin = publicOrigin('app', request, config);
    const path = returnPathOf(request.originalUrl);
    if (path === null) return sendPage(request, response, badReturnPage(appOrigin));
    const auth = request.get(proxyHeaders.auth);
    if (auth === 'session' || auth === 'basic') return redirect(response, path);
    const workspaceOrigin = publicOrigin('workspace', request, config);
    sendPage(request, response, cookieMissingPage({ appOrigin, workspaceOrigin, path }));
  };
}

/** Makes a session for page loads that came by basic auth; scripts would pile them up. Notes the use of one that is there. */
export function sessionForPageLoads(parts: SignInParts): RequestHandler {
  return async (request, response, next) => {
    try {
      await ensureSession(parts, request, response);
    } catch (error) {
      // The app itself needs no session: on a full disk it still opens, and says so.
      if (!(error instanceof TidepoolError && error.code === 'disk_full')) throw error;
    }
    next();
  };
}

async function ensureSession({ sessions, config }: SignInParts, request: Request, response: Response): Promise<void> {
  if (!isPageLoad(request)) return;
  const token = tokenOf(request, config);
  if (token !== undefined && (await sessions.use(token))) return;
  if (request.get(proxyHeaders.auth) !== 'basic') return;
  response.append('Set-Cookie', cookieOf(request, config, await sessions.create()));
}

/** As Caddy reads it: the last cookie of that name whose value has a token's form. */
function tokenOf(request: Request, config: Pick<Config, 'ports'>): string | undefined {
  const name = sessionCookieName(config.ports.app);
  return (request.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
    .findLast((value) => sessionToken.test(value));
}

/** No `Max-Age`: the browser forgets it when it ends. `Lax`, because `Strict` loops after a link from elsewhere. */
function cookieOf(request: Request, config: Pick<Config, 'origins' | 'ports'>, token: string): string {
  const secure = isSecure(request) || config.origins.app?.startsWith('https:');
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])];
  return [`${sessionCookieName(config.ports.app)}=${token}`, ...attributes].join('; ');
}

/** `to` is our own origin with a path that `isReturnPath` let pass: visible ASCII, so nothing ends the header. */
function redirect(response: Response, to: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Location', to);
  response.status(302).end();
}
