/**
 * A runtime without machines, for tests: its instances are files (see `fake-history.ts`), so they outlive the process
 * that made them, and every side effect is on record. `exec` runs on the host itself, in the instance's directory.
 */
import { existsSync, mkdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { runCommand } from '../run-command.ts';
import type { Instance, Runtime } from '../runtime.ts';
import { unsupported } from '../unsupported.ts';
import { type FakeChange, type FakeVersion, openFakeHistory } from './fake-history.ts';
import { readSteering, steered } from './fake-steering.ts';

export interface FakeRuntimeOptions {
  /** Everything the fake keeps; adapters on the same one, in any process, see the same instances. */
  readonly directory: string;
}

export function createFakeRuntime({ directory }: FakeRuntimeOptions): Runtime {
  const history = openFakeHistory(directory);
  const disk = (id: string) => join(directory, 'disks', id, 'project');

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
          pause: false,
          snapshot: false,
          clone: false,
          console: false,
          usage: false,
          rootInside: false,
        },
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
        const image = readSteering(directory).image;
        if (image === null || spec.image !== `${image.name}@${image.version}`) throw new TidepoolError('image_missing');
        mutate(id, fence, (current) => {
          if (current === null)
            return { effect: 'create', fence, state: 'stopped', startedBy: null, ports: [], cpus, memoryMiB };
          const sameSize = current.cpus === cpus && current.memoryMiB === memoryMiB;
          return sameSize ? null : { ...current, effect: 'resize', fence, cpus, memoryMiB };
        });
        mkdirSync(disk(id), { recursive: true });
      }),

    start: (spec, { fence, jobId, signal }) =>
      steered(directory, 'start', signal, () =>
        mutate(spec.id, fence, (current) => {
          if (current === null) throw new TidepoolError('instance_not_found');
          return current.state === 'running'
            ? null
            : { ...current, effect: 'start', fence, state: 'running', startedBy: jobId };
        }),
      ),

    stop: (id, { fence, signal }) =>
      steered(directory, 'stop', signal, () => mutate(id, fence, (current) => stopped(current, 'stop', fence))),

    remove: (id, { fence, signal }) =>
      steered(directory, 'remove', signal, () => {
        mutate(id, fence, (current) => {
          if (current === null) return null;
          if (current.state === 'running') throw new TidepoolError('wrong_status');
          return { ...current, effect: 'remove', fence, state: 'removed' };
        });
        rmSync(join(directory, 'disks', id), { recursive: true, force: true });
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
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: disk(id) };
      // `env` gives 127 and 126 for a program that is not there or cannot be run, as a shell would.
      return runCommand(['env', '--', ...command], streams, signal, { cwd: disk(id), env });
    },

    ...unsupported('The fake', ['pause', 'resume', 'snapshot', 'clone', 'console', 'usage']),

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
  if (current?.state !== 'running') return null;
  return { ...current, effect, fence, state: 'stopped', startedBy: null, ports: [] };
}

function toInstance({ id, state, startedBy, fence }: FakeVersion): Instance {
  if (state === 'removed') throw new Error(`instance ${id} is removed`);
  return { id, state, startedBy, fence };
}
