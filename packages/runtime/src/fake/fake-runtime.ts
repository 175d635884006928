/**
 * A runtime without machines, for tests: its instances are files (see `fake-history.ts`), so they outlive the process
 * that made them, and every side effect is on record. `exec` runs on the host itself, in the instance's directory.
 */
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { imageReference, TidepoolError } from '@tidepool/core';
import { runCommand } from '../run-command.ts';
import type { Instance, Runtime } from '../runtime.ts';
import { openFakeDisks } from './fake-disks.ts';
import { type FakeChange, type FakeVersion, openFakeHistory } from './fake-history.ts';
import { type FakeLack, readSteering, steered } from './fake-steering.ts';

export interface FakeRuntimeOptions {
  /** Everything the fake keeps; adapters on the same one, in any process, see the same instances. */
  readonly directory: string;
}

/** Each instance keeps a quarter of a core busy, so that differences are known. */
const coresInUse = 0.25;
const memoryInUseMiB = 128;
const diskInUseMiB = 256;

export function createFakeRuntime({ directory }: FakeRuntimeOptions): Runtime {
  const history = openFakeHistory(directory);
  const disks = openFakeDisks(directory);
  const has = (capability: FakeLack) => !readSteering(directory).lacks.includes(capability);
  const need = (capability: FakeLack) => {
    if (!has(capability)) throw new TidepoolError('unsupported', { detail: `The fake has no "${capability}".` });
  };
  const imageOf = (wanted: string) => {
    const { image } = readSteering(directory);
    if (image === null || wanted !== imageReference(image)) throw new TidepoolError('image_missing');
  };

  /** Checks the fence, then applies `decide` to what there is (null: not there). */
  const mutate = (id: string, fence: number, decide: (current: FakeVersion | null) => FakeChange) =>
    history.change(id, (current) => {
      if (current !== null && fence < current.fence) throw new TidepoolError('fence_lost');
      const next = decide(current?.state === 'removed' ? null : current);
      return next ?? (current !== null && fence > current.fence ? { ...current, fence, effect: 'fence' } : null);
    });

  return {
    describe: (signal) =>
      steered(directory, 'describe', signal, () => ({
        kind: 'fake',
        version: '1',
        capabilities: {
          isolation: 'none',
          limits: false,
          diskLimit: false,
          pause: has('pause'),
          snapshot: has('snapshot'),
          clone: has('clone'),
          console: has('console'),
          usage: has('usage'),
          rootInside: false,
        },
        storage: readSteering(directory).storage,
        findings: [],
      })),

    images: async () => {
      const image = readSteering(directory).image;
      return image === null ? [] : [{ ...image, builtAt: '2026-01-01T00:00:00.000Z', sizeMiB: null, current: true }];
    },

    list: (signal) =>
      steered(directory, 'list', signal, () =>
        history
          .all()
          .filter(({ state }) => state !== 'removed')
          .map(toInstance),
      ),

    inspect: (id, signal) =>
      steered(directory, 'inspect', signal, () => {
        const current = history.current(id);
        return current === null || current.state === 'removed' ? null : toInstance(current);
      }),

    create: (spec, { fence, signal }) =>
      steered(directory, 'create', signal, () => {
        const { id, cpus, memoryMiB } = spec;
        imageOf(spec.image);
        mutate(id, fence, (current) => {
          if (current === null)
            return { effect: 'create', fence, state: 'stopped', startedBy: null, ports: [], cpus, memoryMiB };
          const sameSize = current.cpus === cpus && current.memoryMiB === memoryMiB;
          return sameSize ? null : { ...current, effect: 'resize', fence, cpus, memoryMiB };
        });
        disks.make(id);
      }),

    start: (spec, { fence, jobId, signal }) =>
      steered(directory, 'start', signal, () => {
        mutate(spec.id, fence, (current) => {
          if (current === null) throw new TidepoolError('instance_not_found');
          if (current.state === 'running') return null;
          if (current.state === 'paused') return { ...current, effect: 'resume', fence, state: 'running' };
          return { ...current, effect: 'start', fence, state: 'running', startedBy: jobId };
        });
        disks.print(spec.id, `to run for ${jobId}`);
      }),

    stop: (id, { fence, signal }) =>
      steered(directory, 'stop', signal, () => mutate(id, fence, (current) => stopped(current, 'stop', fence))),

    remove: (id, { fence, signal }) =>
      steered(directory, 'remove', signal, () => {
        mutate(id, fence, (current) => {
          if (current === null) return null;
          if (current.state !== 'stopped') throw new TidepoolError('wrong_status');
          return { ...current, effect: 'remove', fence, state: 'removed' };
        });
        disks.remove(id);
      }),

    expose: (id, ports, { fence, signal }) =>
      steered(directory, 'expose', signal, () => {
        mutate(id, fence, (current) => {
          if (current?.state !== 'running') throw new TidepoolError('instance_not_running');
          return current.ports.join() === ports.join()
            ? null
            : { ...current, effect: 'expose', fence, ports: [...ports] };
        });
        const { target } = readSteering(directory);
        return ports.map(() => ({ kind: 'tcp' as const, ...target }));
      }),

    async exec(id, command, streams, signal) {
      await steered(directory, 'exec', signal, () => {
        if (history.current(id)?.state !== 'running') throw new TidepoolError('instance_not_running');
      });
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: disks.home(id) };
      // `env` gives 127 and 126 for a program that is not there or cannot be run, as a shell would.
      return runCommand(['env', '--', ...command], streams, signal, { cwd: disks.folder(id), env });
    },

    pause: (id, { fence, signal }) =>
      steered(directory, 'pause', signal, () => {
        need('pause');
        mutate(id, fence, (current) => {
          if (current === null || current.state === 'stopped') throw new TidepoolError('instance_not_running');
          return current.state === 'paused' ? null : { ...current, effect: 'pause', fence, state: 'paused' };
        });
      }),

    resume: (id, { fence, signal }) =>
      steered(directory, 'resume', signal, () => {
        need('pause');
        mutate(id, fence, (current) => {
          if (current === null || current.state === 'stopped') throw new TidepoolError('instance_not_running');
          return current.state === 'running' ? null : { ...current, effect: 'resume', fence, state: 'running' };
        });
      }),

    snapshot: (id, name, { fence, signal }) =>
      steered(directory, 'snapshot', signal, () => {
        need('snapshot');
        mutate(id, fence, (current) => {
          if (current === null) throw new TidepoolError('instance_not_found');
          return disks.hasSnapshot(id, name) ? null : { ...current, effect: 'snapshot', fence };
        });
        disks.snapshot(id, name);
      }),

    clone: (spec, source, { fence, signal }) =>
      steered(directory, 'clone', signal, () => {
        need('clone');
        const { id, cpus, memoryMiB } = spec;
        imageOf(spec.image);
        mutate(id, fence, (current) => {
          if (current !== null) return null;
          disks.require(source);
          disks.copy(source, id);
          return { effect: 'clone', fence, state: 'stopped', startedBy: null, ports: [], cpus, memoryMiB };
        });
      }),

    console: (id, signal) =>
      steered(directory, 'console', signal, () => {
        need('console');
        const current = history.current(id);
        if (current === null || current.state === 'removed') throw new TidepoolError('instance_not_found');
        return disks.printed(id);
      }),

    usage: (signal) =>
      steered(directory, 'usage', signal, () => {
        need('usage');
        return history
          .all()
          .filter(({ state }) => state === 'running' || state === 'paused')
          .map(({ id, state, at }) => ({
            id,
            cpuSeconds: ((state === 'running' ? Date.now() : at) / 1000) * coresInUse,
            memoryMiB: memoryInUseMiB,
            diskMiB: diskInUseMiB,
            listening: null,
          }));
      }),

    watch(changed, signal) {
      const watcher = watch(join(directory, 'instances'), { signal }, (_, name) => {
        const id = name?.split('.')[0];
        if (id && existsSync(join(directory, 'instances', `${name}`)) && history.current(id)?.effect === 'ended')
          changed(id);
      });
      // Aborting ends the watcher with an AbortError; a vanished directory is a test that has ended.
      watcher.on('error', () => watcher.close());
    },
  };
}

/** What an instance does that stops by itself: for tests, from any process. */
export function endFakeInstance(directory: string, id: string): void {
  openFakeHistory(directory).change(id, (current) => stopped(current, 'ended', current?.fence ?? 0));
}

function stopped(current: FakeVersion | null, effect: 'stop' | 'ended', fence: number): FakeChange {
  if (current?.state !== 'running' && current?.state !== 'paused') return null;
  return { ...current, effect, fence, state: 'stopped', startedBy: null, ports: [] };
}

function toInstance({ id, state, startedBy, fence }: FakeVersion): Instance {
  if (state === 'removed') throw new Error(`instance ${id} is removed`);
  return { id, state, startedBy, fence };
}
