/** Tidepool itself ends: every instance is stopped, and its workspace says why. The next start offers to start them again. */
import { type Guard, guardOf } from '@tidepool/caddy';
import { TidepoolError } from '@tidepool/core';
import type { Instance } from '@tidepool/runtime';
import type { Parts } from './parts.ts';

/** Milliseconds for one instance; it is stopped by force after ten seconds. */
const stopMs = 30_000;

type Shutdown = Pick<Parts, 'store' | 'runtime' | 'routes' | 'log'>;

/** Jobs have been given back before: theirs go on at the next start. Never rejects for one workspace that fails. */
export async function stopWorkspaces(parts: Shutdown): Promise<void> {
  const { runtime, log } = parts;
  const instances = await runtime.list(AbortSignal.timeout(stopMs));
  const running = instances.filter(({ state }) => state !== 'stopped');
  await Promise.all(
    running.map(async (instance) => {
      try {
        await stopOne(parts, instance);
        log.info({ workspaceId: instance.id }, 'workspace stopped');
      } catch (error) {
        log.error({ err: error, workspaceId: instance.id }, 'workspace not stopped');
      }
    }),
  );
}

async function stopOne({ store, runtime, routes }: Shutdown, { id, fence }: Instance): Promise<void> {
  const workspace = store.workspace(id);
  if (workspace !== null) {
    const { name, version } = workspace;
    // Before the instance is touched: an address is free only after its routes are gone.
    await removed(
      routes.replace(
        name,
        [],
        guardOf((change) => store.guardedByVersion(name, { id, version }, change)),
        AbortSignal.timeout(stopMs),
      ),
    );
  }
  // The fence it has: a job that goes on already, in another worker, has a higher one.
  await runtime.stop(id, { fence, signal: AbortSignal.timeout(stopMs) });
  if (workspace === null) return;
  const guard: Guard = {
    check() {
      const status = store.workspace(id)?.status;
      if (status !== 'running' && status !== 'error') throw new TidepoolError('fence_lost');
    },
    commit(change) {
      if (!store.shutDown(id, change)) throw new TidepoolError('fence_lost');
    },
  };
  // Those beside an open change of ports, which ends with this, are still there.
  await removed(routes.replace(workspace.name, [], guard, AbortSignal.timeout(stopMs)));
}

/** An open job is no failure: it has no routes yet, or removes them itself when it goes on. */
async function removed(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof TidepoolError) || error.code !== 'fence_lost') throw error;
  }
}
