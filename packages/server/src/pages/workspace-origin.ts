/** The server's part of the workspace origin: pages that Caddy asks for where it has no one to pass a request to. */
import { type Config, proxyHeaders, proxyPaths } from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import { type Request, type RequestHandler, Router } from 'express';
import { requireListener } from '../access/guard.ts';
import { publicOrigin } from '../access/public-origin.ts';
import { workspaceSignedIn } from '../sign-in.ts';
import { sendPage } from './send-page.ts';
import { workspaceAddress } from './workspace-address.ts';
import { noAddressPage, type Situation, workspacePage } from './workspace-pages.ts';

export interface WorkspaceOriginParts {
  readonly store: Reads;
  readonly config: Pick<Config, 'origins' | 'ports' | 'user'>;
}

/** Any method: a POST to a stopped workspace is answered as its GET is. */
export function workspaceOrigin({ store, config }: WorkspaceOriginParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const page = (upstreamOf: (request: Request) => Situation['upstream']): RequestHandler => {
    return (request, response) => {
      const appOrigin = publicOrigin('app', request, config);
      const address = workspaceAddress(request.get(proxyHeaders.uri) ?? '/');
      if (!address) return sendPage(request, response, noAddressPage(appOrigin));
      const seen = look(store, address.name);
      const situation = { ...address, ...seen, upstream: upstreamOf(request), appOrigin, user: config.user };
      sendPage(request, response, workspacePage(situation));
    };
  };
  router.use('/-', requireListener('workspace'));
  router.get(proxyPaths.signedIn, workspaceSignedIn({ config }));
  router.all(
    proxyPaths.noRoute,
    page(() => 'no_route'),
  );
  router.all(proxyPaths.unreachable, page(upstreamOf));
  return router;
}

function upstreamOf(request: Request): Situation['upstream'] {
  return request.get(proxyHeaders.status) === '504' ? 'timed_out' : 'refused';
}

/** What the database says now: the address in the request may be older, or newer, than Caddy's routes. */
function look(store: Reads, name: string): Pick<Situation, 'workspace' | 'job' | 'deletedAt' | 'typicalMs'> {
  const workspace = store.workspace(name);
  const job = workspace?.jobId ? store.job(workspace.jobId) : null;
  const { createMs, startMs } = store.typical();
  return {
    workspace,
    job,
    deletedAt: workspace ? null : (store.tombstone(name)?.deletedAt ?? null),
    typicalMs: workspace?.status === 'creating' ? createMs : startMs,
  };
}
