/** Who may ask at all: only what Caddy passed on, and what may change something only from our own origin or no browser. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Config, proxyHeaders, TidepoolError } from '@tidepool/core';
import type { Request, RequestHandler } from 'express';

/** Requests without this home's secret did not come through Caddy: other users of the host, DNS rebinding, a workspace. */
export function requireProxy(secret: string): RequestHandler {
  const expected = digest(secret);
  return (request, _response, next) => {
    const given = request.get(proxyHeaders.secret) ?? '';
    // Digests have one length, and comparing them tells nothing of where they differ.
    if (!timingSafeEqual(digest(given), expected)) throw new TidepoolError('not_through_proxy');
    next();
  };
}

/** The origin that was asked. Pages of workspaces live on the other one and must not reach this one's addresses. */
export function requireListener(listener: 'app' | 'workspace'): RequestHandler {
  return (request, _response, next) => {
    if (!isListener(request, listener)) {
      throw new TidepoolError('not_through_proxy', { detail: 'This address belongs to the other origin of Tidepool.' });
    }
    next();
  };
}

export function isListener(request: Request, listener: 'app' | 'workspace'): boolean {
  return request.get(proxyHeaders.listener) === listener;
}

/** Caddy asks for user and password by itself; this is the second lock on the same door. */
export const requireSignIn: RequestHandler = (request, _response, next) => {
  const auth = request.get(proxyHeaders.auth);
  if (auth !== 'basic' && auth !== 'session') throw new TidepoolError('unauthenticated');
  next();
};

/**
 * State-changing requests: `Origin`, where present, names the host and port that were asked, or the configured origin;
 * `Sec-Fetch-Site`, where present (not on plain-http LAN names), is `same-origin` or `none`. A simple POST of another
 * site's page needs no preflight, so this is what stands between it and the API.
 */
export function requireOwnOrigin(config: Pick<Config, 'origins'>): RequestHandler {
  return (request, _response, next) => {
    if (!safeMethods.has(request.method)) {
      const site = request.get('sec-fetch-site') ?? 'none';
      if (site !== 'none' && site !== 'same-origin') throw foreign('header.Sec-Fetch-Site', site);
      const origin = request.get('origin');
      if (origin !== undefined && origin !== config.origins.app && !namesHost(origin, request.get('host'))) {
        throw foreign('header.Origin', origin);
      }
    }
    next();
  };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `http://localhost:8080` and `localhost:8080`; the scheme's own port may be left out on either side. */
function namesHost(origin: string, host: string | undefined): boolean {
  const [, scheme] = /^(https?):\/\/[^/?#@\s]+$/.exec(origin) ?? [];
  if (scheme === undefined || host === undefined || /[/?#@\s]/.test(host)) return false;
  const asked = URL.parse(`${scheme}://${host}`);
  return asked !== null && URL.parse(origin)?.origin === asked.origin;
}

function foreign(field: string, value: string): TidepoolError {
  return new TidepoolError('foreign_origin', {
    fields: [{ field, message: `"${value.slice(0, 200)}" is not the origin of this Tidepool.` }],
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
