/** When somebody was last connected to each running workspace, from the heartbeat of its editor. */

import { lastHeartbeat } from './ide-page.ts';
import type { Parts } from './parts.ts';

/** Milliseconds for one editor's answer. */
const answerMs = 5000;

export async function noteAccess(
  { store, routes, config, log }: Pick<Parts, 'store' | 'routes' | 'config' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const routed = new Map((await routes.list(signal)).map((entry) => [entry.workspace, entry.routes]));
  for (const { id, name, status, startedAt } of store.allWorkspaces()) {
    const ide = status === 'running' ? routed.get(name)?.find(({ port }) => port === 'ide') : undefined;
    if (ide === undefined) continue;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const at = await lastHeartbeat(ide.target, config.paths.relay, limit);
      // What came before it ran was our own question whether its editor answers.
      if (at !== null && startedAt !== null && at.toISOString() > startedAt) store.accessed(id, at);
    } catch (error) {
      signal.throwIfAborted();
      // One that hangs, or whatever else is the matter with it, is no reason not to ask the next.
      log.warn({ err: error, workspaceId: id }, 'last access not noted');
    }
  }
}
