/** The worker: what it does at its start, what it does again and again, and how it ends. */

import { forgetHomeRuntime } from '@tidepool/runtime';
import { noteAccess } from './access.ts';
import { createAttend } from './attend.ts';
import { consume } from './consume.ts';
import { createCrew } from './crew.ts';
import { buryDeadLetters } from './dead-letters.ts';
import { isDiskNews, observeHost } from './host-record.ts';
import { createHostSampler } from './host-sampler.ts';
import { createLookAtPorts } from './listening-ports.ts';
import { rotateLogs } from './log-rotation.ts';
import { createNudges } from './nudge.ts';
import type { Parts } from './parts.ts';
import { createProxyCare } from './proxy-care.ts';
import { createQueueCare } from './queue-care.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { type RepeatOptions, repeat } from './repeat.ts';
import { createRuntimeCare } from './runtime-care.ts';
import { stopWorkspaces } from './shutdown.ts';
import { sweep } from './sweep.ts';
import { createUsageSampler } from './usage-sampler.ts';
import { WorkerStopping } from './verdict.ts';

/** Jobs at once in this process. At most three of them are starts, so that stops and deletes never wait for one. */
const crewSize = 8;
const second = 1000;
const minute = 60 * second;
/** Whoever opens an editor is shown to be there about as soon as what it takes is. An editor tells so at once, then once a minute. */
const accessMs = 5 * second;
/** Days that activity is kept. */
const keepDays = 90;

export interface Worker {
  /** Resolves once jobs are taken and Caddy, if it answers, has its config. */
  start(): Promise<void>;
  /** Gives its jobs back and resolves when nothing of it runs any more; instances go on unless told otherwise. */
  stop(options: { readonly stopWorkspaces: boolean }): Promise<void>;
}

export function createWorker(parts: Parts): Worker {
  const { store, holder, runtime, config, log } = parts;
  const { sweep: sweepMs, heartbeat: heartbeatMs, reconcile: reconcileMs, usage: usageMs } = config.intervals;
  const stopping = new AbortController();
  const { signal } = stopping;
  const { nudge, nudgeLater } = createNudges(parts, (jobId) => crew.offer(jobId), signal);
  let lookAtHost = () => {};
  const attend = createAttend(parts, { nudge, nudgeLater, deleted: () => lookAtHost(), stopping: signal });
  const crew = createCrew({ size: crewSize, attend });
  const regularly = (options: Pick<RepeatOptions, 'name' | 'everyMs' | 'afterFailureMs' | 'run'>) =>
    repeat({ ...options, signal, log });
  const caddy = createProxyCare(parts);
  const queueCare = createQueueCare(parts);
  const runtimeCare = createRuntimeCare(parts);
  const usage = createUsageSampler({
    store,
    runtime,
    ports: createLookAtPorts(parts),
    isNeeded: () => store.counts().running > 0 && store.host()?.runtime.capabilities.usage === true,
  });
  let unknownInstances: readonly string[] = [];
  let running: Promise<unknown> = Promise.resolve();

  async function reconcileAll(): Promise<void> {
    const found = await reconcile(parts, signal);
    const news = found.unknownInstances.filter((id) => !unknownInstances.includes(id));
    if (news.length > 0) log.warn({ instances: news }, 'instances without a workspace, left alone');
    unknownInstances = found.unknownInstances;
  }

  return {
    async start() {
      const alive = regularly({
        name: 'heartbeat',
        everyMs: heartbeatMs,
        run: () => store.workerHeartbeat(holder),
      });
      // First of all: jobs of a worker that was killed go on now, without the queue.
      const sweeping = regularly({ name: 'sweep', everyMs: sweepMs, run: () => sweep(parts, crew) });
      const consuming = consume(parts, { crew, refused: sweeping.wake, signal });
      const reconciling = regularly({ name: 'reconcile', everyMs: reconcileMs, run: reconcileAll });
      const observing = regularly({
        name: 'host',
        everyMs: reconcileMs,
        run: async () => {
          // Whoever reads of this worker reads of workspaces as they are now, such as what a restart of the host ended.
          await reconciling.first;
          if (store.counts().total === 0) forgetHomeRuntime(config.home);
          const known = { caddy: caddy.known(), queue: queueCare.known(), runtime: runtimeCare, unknownInstances };
          store.writeHost(await observeHost(parts, known, signal));
        },
      });
      // Whoever made room by a delete is not refused for want of it until the next look.
      lookAtHost = observing.wake;
      const programming = regularly({
        name: 'proxy',
        everyMs: Math.max(sweepMs, second),
        afterFailureMs: second,
        run: async () => {
          const before = caddy.known().state.healthy;
          const isNew = await caddy.ensure(signal).finally(() => {
            // The host page says at once that Caddy is back, or gone.
            if (caddy.known().state.healthy !== before) observing.wake();
          });
          // Routes in its config are lost with it, or as old as what it kept.
          if (isNew && config.routes === 'admin') reconciling.wake();
        },
      });
      const queueing = regularly({
        name: 'queue',
        everyMs: Math.max(sweepMs, second),
        run: async () => {
          if (await queueCare.look()) observing.wake();
        },
      });
      const attending = regularly({
        name: 'runtime',
        everyMs: Math.max(sweepMs, second),
        run: async () => {
          if (await runtimeCare.look(signal)) observing.wake();
        },
      });
      runtime.watch(reconciling.wake, signal);
      const others = [
        regularly({ name: 'access', everyMs: accessMs, run: () => noteAccess(parts, signal) }),
        regularly({ name: 'dead letters', everyMs: minute, run: () => buryDeadLetters(parts, signal) }),
        ...(usageMs === 0
          ? []
          : [
              regularly({
                name: 'usage',
                everyMs: usageMs,
                afterFailureMs: Math.max(usageMs, reconcileMs),
                run: usage.look,
              }),
            ]),
        regularly({ name: 'host samples', everyMs: 5 * second, run: createHostSampler({ store, taken: usage.taken }) }),
        regularly({
          name: 'disk',
          everyMs: 5 * second,
          run: () => {
            if (isDiskNews(parts)) observing.wake();
          },
        }),
        regularly({ name: 'log rotation', everyMs: minute, run: () => rotateLogs(config.paths) }),
        regularly({ name: 'prune', everyMs: 60 * minute, run: () => store.prune(keepDays) }),
      ];
      const repetitions = [alive, sweeping, programming, queueing, attending, observing, reconciling, ...others];
      running = Promise.all([consuming, ...repetitions.map(({ ended }) => ended)]);
      await Promise.all([sweeping.first, programming.first, observing.first]);
    },

    async stop(options) {
      stopping.abort(new WorkerStopping());
      await crew.disband();
      await running;
      if (options.stopWorkspaces) await stopWorkspaces(parts);
      if (store.counts().total === 0) forgetHomeRuntime(config.home);
    },
  };
}
