/**
 * Workspaces as instances of Incus: system containers, or virtual machines where the server can run them, in a project and
 * on a bridge of our own. See docs/EDD/runtimes.md.
 */
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import type { Runtime } from '../runtime.ts';
import { amend } from './amend.ts';
import { instance } from './client/replies.ts';
import { readConsole } from './console.ts';
import { cloneInstance, createInstance } from './create-instance.ts';
import { describeIncus } from './describe-incus.ts';
import { execInside } from './exec-instance.ts';
import { guestAddress } from './guest-address.ts';
import { asFailure } from './incus-failure.ts';
import { type IncusOptions, openIncusHome } from './incus-home.ts';
import { listIncusImages } from './incus-images.ts';
import { createIncusWatch } from './incus-watch.ts';
import { persist } from './persist.ts';
import { asInstance, stateOf } from './run-state.ts';
import { snapshotInstance } from './snapshots.ts';
import { startInstance } from './start-instance.ts';
import { pauseInstance, removeInstance, resumeInstance, stopInstance } from './stop-instance.ts';
import { createSurroundings } from './surroundings/keep.ts';
import { measureUsage } from './usage.ts';

export function createIncusRuntime(options: IncusOptions): Runtime {
  const home = openIncusHome(options);
  const surroundings = createSurroundings(home);
  const watch = createIncusWatch(home, surroundings);

  return {
    describe: (signal) => look(() => describeIncus(home, surroundings, signal)),
    images: (signal) => look(() => listIncusImages(home, signal)),

    list: (signal) =>
      look(async () => {
        const { value } = await home.client.read(home.path('instances', 'recursion=1'), z.array(instance), signal);
        watch.check();
        return value.filter(home.owns).map(asInstance);
      }),

    async inspect(id, signal) {
      const found = await persist(home, signal, async () => {
        const there = await home.find(id, signal);
        if (there === null) await home.refuseRenamed(id, signal);
        return there;
      });
      return found === null ? null : asInstance(found.value);
    },

    create: (spec, operation) =>
      persist(home, operation.signal, async () => {
        await surroundings.ready(operation.signal);
        await createInstance(home, spec, operation);
      }),

    start: (spec, operation) =>
      persist(home, operation.signal, async () => {
        await surroundings.ready(operation.signal);
        await startInstance(home, spec, operation);
      }),

    stop: (id, operation) =>
      watch.expecting(id, () => persist(home, operation.signal, () => stopInstance(home, id, operation))),

    remove: (id, operation) =>
      watch.expecting(id, () => persist(home, operation.signal, () => removeInstance(home, id, operation))),

    expose: (id, ports, operation) =>
      persist(home, operation.signal, async () => {
        const found = await amend(home, id, operation);
        if (found === null || stateOf(found) === 'stopped') throw new TidepoolError('instance_not_running');
        const host = await guestAddress(home, id, found, operation.signal);
        return ports.map((port) => ({ kind: 'tcp', host, port }));
      }),

    exec: (id, command, streams, signal) => execInside(home, id, command, streams, signal),

    pause: (id, operation) =>
      watch.expecting(id, () => persist(home, operation.signal, () => pauseInstance(home, id, operation))),
    resume: (id, operation) => persist(home, operation.signal, () => resumeInstance(home, id, operation)),

    snapshot: (id, name, operation) =>
      persist(home, operation.signal, () => snapshotInstance(home, id, name, operation)),

    clone: (spec, source, operation) =>
      persist(home, operation.signal, async () => {
        await surroundings.ready(operation.signal);
        await cloneInstance(home, spec, source, operation);
      }),

    console: (id, signal) => look(() => readConsole(home, id, signal)),
    usage: (signal) => look(() => measureUsage(home, signal)),
    watch: (changed, signal) => watch.begin(changed, signal),
  };
}

/** What only looks does not wait for a daemon that is away: whoever asks will ask again. */
async function look<T>(at: () => Promise<T>): Promise<T> {
  try {
    return await at();
  } catch (error) {
    throw asFailure(error, 'runtime_unavailable');
  }
}
