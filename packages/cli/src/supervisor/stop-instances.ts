/**
 * What still runs when the worker has ended, stopped through the runtime's port: nothing as a rule. The next start's
 * reconcile finds these workspaces stopped.
 */
import type { Config } from '@tidepool/core';
import { createRuntime } from '@tidepool/runtime';
import type { Logger } from 'pino';

/** Milliseconds for all of them; one takes 10 s at most. */
const patience = 60_000;

export async function stopInstances(config: Config, log: Logger): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  try {
    const runtime = await createRuntime(config, log);
    const running = (await runtime.list(signal)).filter(({ state }) => state === 'running');
    await Promise.all(
      running.map(async ({ id, fence }) => {
        log.warn({ workspaceId: id }, 'stopped without a worker');
        await runtime.stop(id, { fence, signal });
      }),
    );
  } catch (error) {
    // It is ending: what is left is adopted or cleared by the next start.
    log.error({ err: error }, 'not every instance could be stopped');
  }
}
