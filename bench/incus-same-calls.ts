/**
 * What Tidepool asks of Incus for a workspace, by its own adapter, and nothing around it: no request, queue, job, database
 * or proxy. The same calls, by construction.
 */
import { mkdirSync } from 'node:fs';
import { formatTarget, idePort } from '@tidepool/core';
import { createIncusRuntime } from '@tidepool/runtime';
import { pino } from 'pino';
import type { Tidepool } from '../e2e/tidepool.ts';
import { readConfig } from '../packages/cli/src/commands/environment.ts';
import type { BareIncus } from './incus-by-hand.ts';

export function openSameCalls(
  tidepool: Tidepool,
  spec: { readonly image: string; readonly cpus: number; readonly memoryMiB: number; readonly diskGiB: number },
): BareIncus {
  const { incus, paths } = readConfig({ ...process.env, ...tidepool.env });
  const home = `${tidepool.home}/same-calls`;
  mkdirSync(home);
  const log = pino({ level: 'silent' });
  const runtime = createIncusRuntime({ config: incus, home, images: paths.images, log });
  // As a worker does: what it hears of need not be asked for.
  const ending = new AbortController();
  runtime.watch(() => undefined, ending.signal);

  const ids = new Map<string, string>();
  let fence = 0;
  const operation = () => {
    fence += 1;
    return { fence, signal: AbortSignal.timeout(60_000), jobId: `job-${fence}` };
  };
  const idOf = (name: string) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`${name} was not made here`);
    return id;
  };
  const specOf = (name: string) => ({ ...spec, id: idOf(name), name, logDirectory: `${home}/${name}` });
  const run = async (name: string, given: ReturnType<typeof operation>) => {
    await runtime.start(specOf(name), given);
    const [editor] = await runtime.expose(idOf(name), [idePort], given);
    if (editor === undefined) throw new Error('no address of the editor');
    return `http://${formatTarget(editor)}/`;
  };
  const remove = async (name: string) => {
    await runtime.stop(idOf(name), operation());
    await runtime.remove(idOf(name), operation());
    ids.delete(name);
  };
  return {
    remove,
    async create(name) {
      ids.set(name, crypto.randomUUID());
      const given = operation();
      await runtime.create(specOf(name), given);
      return run(name, given);
    },
    async start(name) {
      const given = operation();
      await runtime.inspect(idOf(name), given.signal);
      await runtime.create(specOf(name), given);
      return run(name, given);
    },
    stop: (name) => runtime.stop(idOf(name), operation()),
    async close() {
      for (const name of [...ids.keys()]) await remove(name);
      ending.abort();
    },
  };
}
