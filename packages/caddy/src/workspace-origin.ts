/**
 * The workspace origin: editors and ports. A session or a valid Basic passes. A page load without either is sent to sign in
 * and back, anything else gets 401 without a challenge.
 */
import { proxyPaths } from '@tidepool/core';
import { adminTable } from './admin-table.ts';
import type { BaseConfigInput } from './base-config.ts';
import { asJson, type Handler, type HttpRoute, type Json, type MatcherSet, subroute } from './caddy-json.ts';
import { fileTable } from './file-table.ts';
import { beforeLookup } from './instance-proxy.ts';
import { notSignedIn } from './own-answers.ts';
import { pageLoad } from './page-load.ts';
import { serverPage, serverProxy } from './server-proxy.ts';
import { basicGate, isNot, sessionGate } from './sign-in.ts';
import { dropSpoofedHeaders } from './spoofed-headers.ts';

export function workspaceOrigin(input: BaseConfigInput): { readonly [key: string]: Json } {
  return {
    routes: asJson([
      dropSpoofedHeaders,
      ...sessionGate(input),
      {
        // By the scheme, whose case is free: another one, such as a bearer token, is the application's own.
        match: [{ header_regexp: { Authorization: { pattern: '^(?i)basic ' } }, ...isNot('session') }],
        handle: basicGate(input),
      },
      // With or without a session: the server's page says so when the cookie did not come along, instead of going round.
      {
        match: [{ path: [proxyPaths.signedIn], ...isNot('session', 'basic') }],
        handle: [serverProxy(input, { listener: 'workspace', auth: 'none' })],
      },
      { match: [isNot('session', 'basic')], handle: [{ handler: 'error', status_code: 401 }] },
      { match: [{ path: [proxyPaths.signedIn] }], handle: [serverProxy(input, { listener: 'workspace' })] },
      ...beforeLookup(),
      ...(input.routes === 'admin' ? adminTable(input) : fileTable(input)),
      { handle: [serverPage(input, 'noRoute')] },
    ]),
    errors: {
      routes: asJson([
        { match: [errorStatus('401')], handle: [subroute(signInOr401(input))] },
        { match: [errorStatus('502', '503', '504')], handle: [serverPage(input, 'unreachable')] },
      ]),
    },
  };
}

function errorStatus(...codes: readonly string[]): MatcherSet {
  return { vars: { '{http.error.status_code}': codes } };
}

/** A challenge that was set by a wrong password is taken back. */
function signInOr401(input: BaseConfigInput): readonly HttpRoute[] {
  return [
    { handle: [{ handler: 'headers', response: { deferred: true, delete: ['Www-Authenticate'] } }] },
    { match: pageLoad, handle: [subroute(signIn(input))] },
    { handle: [notSignedIn()] },
  ];
}

/** `{http.request.host}` would lose the brackets of an IPv6 address, so the host is picked out of its header. */
function signIn({ origins, ports }: BaseConfigInput): readonly HttpRoute[] {
  if (origins.app !== null) return [{ handle: [toSignIn(origins.app)] }];
  return [
    {
      match: [{ header_regexp: { Host: { name: 'host', pattern: '^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)' } } }],
      handle: [toSignIn(`http://{http.regexp.host.1}:${ports.app}`)],
    },
  ];
}

function toSignIn(origin: string): Handler {
  return {
    handler: 'static_response',
    status_code: 302,
    headers: {
      Location: [`${origin}${proxyPaths.signIn}?return={http.request.orig_uri}`],
      'Cache-Control': ['no-store'],
    },
  };
}
