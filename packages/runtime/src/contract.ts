/** What every `Runtime` promises in `runtime.ts`, as tests: each adapter's test calls `describeRuntime` with a harness. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteTarget } from '@tidepool/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { InstanceSpec, Runtime } from './runtime.ts';

export interface RuntimeHarness {
  /** A new adapter on the home under test, as another worker would open it. */
  open(): Runtime;
  readonly logDirectory: string;
  /** Makes something inside listen on 127.0.0.1:`port` that answers any GET with 200. */
  serve(id: string, port: number): Promise<void>;
  /** GET / of a target: its status, null where nothing answers. */
  get(target: RouteTarget): Promise<number | null>;
  /** Ends a running instance behind the adapter's back. */
  end(id: string): Promise<void>;
  close(): Promise<void>;
}

export function describeRuntime(name: string, openHarness: () => Promise<RuntimeHarness>): void {
  describe(`${name} keeps the runtime's contract`, () => {
    let harness: RuntimeHarness;
    let runtime: Runtime;
    let image: string;
    const made = new Set<string>();
    const signal = AbortSignal.timeout(600_000);

    beforeAll(async () => {
      harness = await openHarness();
      runtime = harness.open();
      const found = await runtime.image();
      if (found === null) throw new Error('the harness has no image');
      image = `${found.name}@${found.version}`;
    });
    afterEach(async () => {
      for (const id of made) {
        await runtime.stop(id, { fence: 1_000_000, signal });
        await runtime.remove(id, { fence: 1_000_000, signal });
      }
      made.clear();
    });
    afterAll(() => harness?.close());

    const spec = (changes: Partial<InstanceSpec> = {}): InstanceSpec => {
      const id = crypto.randomUUID();
      made.add(id);
      const logDirectory = `${harness.logDirectory}/${id}`;
      return { id, name: 'web-app', image, cpus: 2, memoryMiB: 1024, logDirectory, ...changes };
    };
    const at = (fence: number) => ({ fence, signal });
    const job = (fence: number, jobId = 'job-1') => ({ fence, jobId, signal });
    const started = async (changes?: Partial<InstanceSpec>) => {
      const wanted = spec(changes);
      await runtime.create(wanted, at(1));
      await runtime.start(wanted, job(1));
      return wanted;
    };
    const run = async (id: string, command: readonly string[], on = runtime) => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const outputs = Promise.all([text(stdout), text(stderr)]);
      const code = await on.exec(id, command, { stdin: null, stdout, stderr }, signal);
      stdout.end();
      stderr.end();
      const [out, err] = await outputs;
      return { code, out, err };
    };
    const refusal = (code: string) => expect.objectContaining({ code });

    test('it says what it is and which image new workspaces get', async () => {
      const info = await runtime.describe(signal);
      expect(info.version).not.toBe('');
      expect(info.capabilities.isolation).toBeTypeOf('string');
      expect(image).toMatch(/^[a-z]+@\w+$/);
    });

    test('what is not there is null, stopped, removed, and cannot be started', async () => {
      const { id } = spec();
      expect(await runtime.inspect(id, signal)).toBeNull();
      await runtime.stop(id, at(1));
      await runtime.remove(id, at(1));
      await expect(runtime.start(spec({ id }), job(1))).rejects.toEqual(refusal('instance_not_found'));
      await expect(runtime.expose(id, [], at(1))).rejects.toEqual(refusal('instance_not_running'));
      await expect(run(id, ['true'])).rejects.toEqual(refusal('instance_not_running'));
      expect(await runtime.inspect(id, signal)).toBeNull();
    });

    test('a created instance is stopped, and is found by its label', async () => {
      const wanted = spec();
      await runtime.create(wanted, at(3));
      expect(await runtime.inspect(wanted.id, signal)).toEqual({
        id: wanted.id,
        state: 'stopped',
        startedBy: null,
        fence: 3,
      });
      expect((await runtime.list(signal)).map(({ id }) => id)).toContain(wanted.id);
    });

    test('an image that is not there is refused, and nothing is made', async () => {
      const wanted = spec({ image: 'workspace@0000000000' });
      await expect(runtime.create(wanted, at(1))).rejects.toEqual(refusal('image_missing'));
      expect(await runtime.inspect(wanted.id, signal)).toBeNull();
    });

    test('start runs it for the job that asked, and a second start changes nothing', async () => {
      const wanted = await started();
      await runtime.start(wanted, job(2, 'job-2'));
      const again = harness.open();
      expect(await again.inspect(wanted.id, signal)).toEqual({
        id: wanted.id,
        state: 'running',
        startedBy: 'job-1',
        fence: 2,
      });
      expect(await again.list(signal)).toContainEqual(expect.objectContaining({ id: wanted.id, state: 'running' }));
    });

    test('each operation asked for twice is done once', async () => {
      const wanted = await started();
      await runtime.create(wanted, at(1));
      expect((await runtime.inspect(wanted.id, signal))?.state).toBe('running');
      await runtime.stop(wanted.id, at(1));
      await runtime.stop(wanted.id, at(1));
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', startedBy: null });
      await runtime.remove(wanted.id, at(1));
      await runtime.remove(wanted.id, at(1));
      expect(await runtime.inspect(wanted.id, signal)).toBeNull();
      expect((await runtime.list(signal)).map(({ id }) => id)).not.toContain(wanted.id);
    });

    test('stop keeps the disk, a second create keeps it, remove does not', async () => {
      const wanted = await started();
      expect(await run(wanted.id, ['sh', '-c', 'echo kept > file'])).toMatchObject({ code: 0 });
      await runtime.stop(wanted.id, at(1));
      await runtime.create(wanted, at(1));
      await runtime.start(wanted, job(1));
      expect(await run(wanted.id, ['cat', 'file'])).toMatchObject({ code: 0, out: 'kept\n' });
      await runtime.stop(wanted.id, at(1));
      await runtime.remove(wanted.id, at(1));
      await runtime.create(wanted, at(1));
      await runtime.start(wanted, job(1));
      expect((await run(wanted.id, ['cat', 'file'])).code).toBe(1);
    });

    test('a running instance is not removed', async () => {
      const wanted = await started();
      await expect(runtime.remove(wanted.id, at(1))).rejects.toEqual(refusal('wrong_status'));
      expect((await runtime.inspect(wanted.id, signal))?.state).toBe('running');
    });

    test('a restart is labelled with its own job, and takes a new size', async () => {
      const wanted = await started();
      await runtime.create({ ...wanted, cpus: 1, memoryMiB: 512 }, at(2));
      await runtime.stop(wanted.id, at(2));
      await runtime.start({ ...wanted, cpus: 1, memoryMiB: 512 }, job(2, 'job-2'));
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-2' });
    });

    test('a lower fence than the highest seen is refused by every operation, of any adapter, and does nothing', async () => {
      const wanted = await started();
      await runtime.expose(wanted.id, [], at(5));
      const suspended = harness.open();
      const lost = refusal('fence_lost');
      await expect(suspended.create(wanted, at(4))).rejects.toEqual(lost);
      await expect(suspended.start(wanted, job(4))).rejects.toEqual(lost);
      await expect(suspended.stop(wanted.id, at(4))).rejects.toEqual(lost);
      await expect(suspended.expose(wanted.id, [3000], at(4))).rejects.toEqual(lost);
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', fence: 5 });
      await runtime.stop(wanted.id, at(6));
      await expect(suspended.start(wanted, job(5))).rejects.toEqual(lost);
      await expect(suspended.remove(wanted.id, at(5))).rejects.toEqual(lost);
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', fence: 6 });
    });

    test('a fence outlives the instance: a suspended create does not bring it back', async () => {
      const wanted = spec();
      await runtime.create(wanted, at(2));
      await runtime.remove(wanted.id, at(7));
      await expect(harness.open().create(wanted, at(6))).rejects.toEqual(refusal('fence_lost'));
      expect(await runtime.inspect(wanted.id, signal)).toBeNull();
    });

    test('two adapters that create and start at once make one run', async () => {
      const wanted = spec();
      const adapters = [harness.open(), harness.open()];
      await Promise.all(adapters.map((adapter) => adapter.create(wanted, at(1))));
      await Promise.all(adapters.map((adapter, index) => adapter.start(wanted, job(1, `job-${index}`))));
      const seen = await Promise.all(adapters.map((adapter) => adapter.inspect(wanted.id, signal)));
      expect(seen[0]).toMatchObject({ state: 'running', startedBy: expect.stringMatching(/^job-[01]$/) });
      expect(seen[1]).toEqual(seen[0]);
    });

    test('two adapters that stop and remove at once leave nothing', async () => {
      const wanted = await started();
      const adapters = [harness.open(), harness.open()];
      await Promise.all(adapters.map((adapter) => adapter.stop(wanted.id, at(1))));
      await Promise.all(adapters.map((adapter) => adapter.remove(wanted.id, at(1))));
      expect(await runtime.inspect(wanted.id, signal)).toBeNull();
    });

    test('an aborted operation rejects and can be done again', async () => {
      const wanted = spec();
      const aborted = AbortSignal.abort();
      await expect(runtime.create(wanted, { fence: 1, signal: aborted })).rejects.toThrow();
      await runtime.create(wanted, at(1));
      await expect(runtime.start(wanted, { fence: 1, jobId: 'job-1', signal: aborted })).rejects.toThrow();
      await runtime.start(wanted, job(1));
      expect((await runtime.inspect(wanted.id, signal))?.state).toBe('running');
    });

    test('exec passes input, output, errors and the exit code', async () => {
      const { id } = await started();
      const [stdin, stdout] = [new PassThrough(), new PassThrough()];
      const output = text(stdout);
      const done = runtime.exec(id, ['cat'], { stdin, stdout, stderr: new PassThrough() }, signal);
      stdin.end('through\n');
      expect(await done).toBe(0);
      stdout.end();
      expect(await output).toBe('through\n');
      expect(await run(id, ['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
        code: 7,
        out: 'out\n',
        err: 'err\n',
      });
    });

    test('exec passes arguments as they are, and runs in the project folder', async () => {
      const { id } = await started();
      const odd = ['$HOME', 'a b', '', "'", '-n', 'ü'];
      expect((await run(id, ['printf', '[%s]', ...odd])).out).toBe(odd.map((word) => `[${word}]`).join(''));
      expect((await run(id, ['pwd'])).out).toMatch(/\/project\n$/);
    });

    test('exec says 127 where there is no such command and 128 + the signal where one ended it', async () => {
      const { id } = await started();
      expect((await run(id, ['no-such-command'])).code).toBe(127);
      expect((await run(id, ['sh', '-c', 'kill -TERM $$'])).code).toBe(128 + 15);
    });

    test('a large output of exec arrives whole', async () => {
      const { id } = await started();
      const { out } = await run(id, ['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x']);
      expect(out.length).toBe(3_000_000);
    });

    test('aborting exec ends the command', async () => {
      const { id } = await started();
      const abort = new AbortController();
      const stdout = new PassThrough();
      const mark = `${600 + Math.floor(Math.random() * 1e6)}`;
      const streams = { stdin: null, stdout, stderr: new PassThrough() };
      const done = runtime.exec(id, ['sh', '-c', `echo ready; sleep ${mark}; echo late`], streams, abort.signal);
      await new Promise((resolve) => stdout.once('data', resolve));
      abort.abort();
      expect(await done).toBeGreaterThan(128);
      const alive = ['sh', '-c', `grep -alz "^${mark}$" /proc/[0-9]*/cmdline 2>/dev/null | grep -v "^/proc/$$/"`];
      await until(async () => (await run(id, alive)).out === '');
    });

    test('exec ends when its instance is stopped, where the instance is more than a name', async () => {
      const { id } = await started();
      const { isolation } = (await runtime.describe(signal)).capabilities;
      const abort = new AbortController();
      const streams = { stdin: null, stdout: new PassThrough(), stderr: new PassThrough() };
      const done = runtime.exec(id, ['sleep', '600'], streams, abort.signal);
      await runtime.stop(id, at(2));
      if (isolation === 'none') abort.abort();
      expect(await done).not.toBe(0);
    });

    test('a port is exposed before anything listens, and answers once something does', async () => {
      const { id } = await started();
      const [target, other] = await runtime.expose(id, [3000, 4000], at(1));
      if (!target || !other) throw new Error('a target for each port');
      expect(await harness.get(target)).toBeNull();
      await harness.serve(id, 3000);
      await until(async () => (await harness.get(target)) === 200);
    });

    test('exposing again gives the same targets, also from another adapter', async () => {
      const { id } = await started();
      const first = await runtime.expose(id, [8080, 3000], at(1));
      expect(await runtime.expose(id, [8080, 3000], at(1))).toEqual(first);
      expect(await harness.open().expose(id, [3000], at(2))).toEqual(first.slice(1));
    });

    test('a stopped instance exposes nothing', async () => {
      const { id } = await started();
      await runtime.expose(id, [3000], at(1));
      await runtime.stop(id, at(1));
      await expect(runtime.expose(id, [3000], at(1))).rejects.toEqual(refusal('instance_not_running'));
    });

    test('an instance that ended by itself is reported, is stopped, and can be started again', async () => {
      const wanted = await started();
      const ended = new Set<string>();
      const watching = new AbortController();
      harness.open().watch((id) => ended.add(id), watching.signal);
      await sleep(100);
      await harness.end(wanted.id);
      await until(async () => ended.has(wanted.id));
      watching.abort();
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped', startedBy: null });
      await runtime.start(wanted, job(1, 'job-2'));
      expect(await runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-2' });
    });
  });
}

/** Waits for a condition; the limit is generous because it only matters to a test that fails. */
export async function until(condition: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so after ${limitMs} ms: ${condition}`);
    await sleep(20);
  }
}
