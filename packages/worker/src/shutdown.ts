/** Tidepool itself ends: every instance is stopped, and its workspace says why. The next start offers to start them again. */
import { TidepoolError } from '@tidepool/core';
import type { Parts } from './parts.ts';

/** Milliseconds for one instance; it is stopped by force after ten seconds. */
const stopMs = 30_000;

/** Jobs have been given back before: theirs go on at the next start. Never rejects for one workspace that fails. */
export async function stopWorkspaces(parts: Pick<Parts, 'store' | 'runtime' | 'routes' | 'log'>): Promise<void> {
  const { store, runtime, log } = parts;
  const instances = await runtime.list(AbortSignal.timeout(stopMs));
  const running = instances.filter(({ state }) => state === 'running');
  await Promise.all(
    running.map(async ({ id, fence }) => {
      try {
        await removeRoutes(parts, id);
        // The fence it has: a job that goes on already, in another worker, has a higher one.
        await runtime.stop(id, { fence, signal: AbortSignal.timeout(stopMs) });
        if (store.workspace(id)?.status === 'running') store.shutDown(id);
        log.info({ workspaceId: id }, 'workspace stopped');
      } catch (error) {
        log.error({ err: error, workspaceId: id }, 'workspace not stopped');
      }
    }),
  );
}

/** Before the instance is touched: an address is free only after its routes are gone. */
async function removeRoutes({ store, routes }: Pick<Parts, 'store' | 'routes'>, id: string): Promise<void> {
  const workspace = store.workspace(id);
  if (workspace === null) return;
  const { name, version } = workspace;
  try {
    await routes.replace(name, [], (commit) => store.guardedByVersion(name, { id, version }, commit));
  } catch (error) {
    // An open job: it has no routes yet, or removes them itself when it goes on.
    if (!(error instanceof TidepoolError) || error.code !== 'fence_lost') throw error;
  }
}
