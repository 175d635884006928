/** When somebody was last connected to each running workspace, from the heartbeat of its editor. */

import type { Workspace } from '@tidepool/core';
import { lastHeartbeat } from './ide-page.ts';
import type { Parts } from './parts.ts';

/** Milliseconds for one editor's answer. */
const answerMs = 5000;
/** No host has memory for more. */
const mostRunning = 10_000;

export async function noteAccess(
  { store, routes, config, log }: Pick<Parts, 'store' | 'routes' | 'config' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const { items: running } = store.workspaces({ status: ['running'], limit: mostRunning });
  if (running.length === 0) return;
  const routed = new Map((await routes.list(signal)).map((entry) => [entry.workspace, entry.routes]));
  const note = async ({ id, name, startedAt }: Workspace) => {
    const ide = routed.get(name)?.find(({ port }) => port === 'ide');
    if (ide === undefined) return;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
      const at = await lastHeartbeat(ide.target, config.paths.relay, limit);
      // What came before it ran was our own question whether its editor answers.
      if (at !== null && startedAt !== null && at.toISOString() > startedAt) store.accessed(id, at);
    } catch (error) {
      signal.throwIfAborted();
      // One that hangs, or whatever else is the matter with it, is no reason not to ask the others.
      log.warn({ err: error, workspaceId: id }, 'last access not noted');
    }
  };
  await Promise.all(running.map(note));
}
