/** The Incus daemon ends in the middle of each thing that the runtime asks of it: it is done all the same, once and whole. */
import { mkdtempSync, rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRuntime, type InstanceSpec, type Runtime } from '@tidepool/runtime';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/cli/src/commands/environment.ts';
import { openIncus } from './incus.ts';

const incus = openIncus();
const signal = AbortSignal.timeout(1_800_000);
const at = { fence: 1, signal };
const home = mkdtempSync('/tmp/tp-');
let runtime: Runtime;
let image: string;
beforeAll(async () => {
  const config = readConfig({ ...process.env, TIDEPOOL_HOME: home, TIDEPOOL_RUNTIME: 'incus' });
  runtime = await createRuntime(config, pino({ level: 'silent' }));
  const current = (await runtime.images(signal)).find((each) => each.current);
  if (current === undefined) throw new Error('no image');
  image = `${current.name}@${current.version}`;
});
afterAll(async () => {
  await incus.start();
  await incus.removeInstancesOf(home);
  await incus.client.close();
  rmSync(home, { recursive: true, force: true });
});

/** Milliseconds into each: while it is asked for, while it is done. */
const cases = [
  ['kill', [10, 80]],
  ['end', [40]],
] as const;

test.each(cases)('a daemon that ends by "%s" and comes back', async (how, moments) => {
  for (const moment of moments) {
    /** Repeats nothing itself: what is interrupted is begun again by the runtime. */
    const interrupted = async (work: () => Promise<void>) => {
      const working = work();
      await sleep(moment);
      await incus[how]();
      await incus.start();
      await working;
    };
    const [spec, copy] = [specOf(), specOf()];
    const state = async ({ id }: InstanceSpec) => (await runtime.inspect(id, signal))?.state;

    await interrupted(() => runtime.create(spec, at));
    expect(await state(spec)).toBe('stopped');
    await interrupted(() => runtime.start(spec, { ...at, jobId: 'job' }));
    expect(await runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running', startedBy: 'job' });
    await run(spec.id, 'echo kept > file; sync');
    await interrupted(() => runtime.snapshot(spec.id, 'first', at));
    await interrupted(() => runtime.clone(copy, { id: spec.id, snapshot: 'first' }, at));
    await interrupted(() => runtime.stop(spec.id, at));
    expect(await state(spec)).toBe('stopped');
    // A copy that were not whole would not start, or not have the file.
    await runtime.start(copy, { ...at, jobId: 'job' });
    expect(await run(copy.id, 'cat file')).toBe('kept\n');
    await runtime.stop(copy.id, at);
    await interrupted(() => runtime.remove(spec.id, at));
    await runtime.remove(copy.id, at);
    expect(await runtime.list(signal)).toEqual([]);
  }
});

function specOf(): InstanceSpec {
  const sizes = { cpus: 1, memoryMiB: 512, diskGiB: 5 };
  return { id: crypto.randomUUID(), name: 'web-app', image, ...sizes, logDirectory: `${home}/.logs/web-app` };
}

async function run(id: string, script: string): Promise<string> {
  const stdout = new PassThrough();
  const said = text(stdout);
  const streams = { stdin: null, stdout, stderr: new PassThrough().resume() };
  await runtime.exec(id, ['sh', '-c', script], streams, signal);
  stdout.end();
  return said;
}
