/** What a killed, suspended or doubled worker leaves of a sandbox; who else on the host may reach one; a full disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstanceSpec } from '../src/runtime.ts';
import { isAlive, liveRun } from '../src/sandbox/run-record.ts';
import {
  at,
  host,
  job,
  openSandboxHarness,
  processesWith,
  type SandboxHarness,
  signal,
  waitFor,
} from './sandbox-harness.ts';

const standIn = fileURLToPath(new URL('worker-stand-in.ts', import.meta.url));

describe('a sandbox and the workers around it', () => {
  let harness: SandboxHarness;
  beforeAll(async () => {
    harness = await openSandboxHarness();
  });
  afterAll(() => harness?.close());

  const worker = (spec: InstanceSpec): ChildProcess & { said(): string } => {
    const argv = [standIn, harness.directory, JSON.stringify(spec)];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    return Object.assign(child, { said: () => said });
  };
  const state = (id: string) => join(harness.sandboxes, id, 'state');
  const trees = async (id: string) =>
    (await processesWith(`${id}/state`)).filter((line) => /^ *\d+ sh .*namespace\.sh/.test(line));
  const nothingLeft = async (id: string) => (await processesWith(id)).length === 0;

  test('a run outlives the worker that started it, and another adopts it as it is', async () => {
    const spec = harness.spec();
    const first = worker(spec);
    await waitFor(() => first.said().includes('started'), 'it runs');
    const before = liveRun(state(spec.id), harness.uid);
    first.kill('SIGKILL');
    const runtime = harness.open();
    await runtime.start(spec, job(2, 'job-2'));
    expect(liveRun(state(spec.id), harness.uid)).toEqual(before);
    const [target] = await runtime.expose(spec.id, [8080], at(2));
    if (!target) throw new Error('a target');
    await waitFor(async () => (await harness.get(target)) === 200, 'the editor answers');
    await runtime.stop(spec.id, at(2));
    await waitFor(() => nothingLeft(spec.id), 'no process is left');
  });

  test.each(Array.from({ length: 12 }, (_, index) => index * 12))(
    'a worker killed %i ms after it began to launch leaves a run to adopt, or none',
    async (delay) => {
      const spec = harness.spec();
      const runtime = harness.open();
      await runtime.create(spec, at(1));
      const killed = worker(spec);
      await waitFor(() => readdirSync(join(harness.sandboxes, spec.id)).includes('wall.nft'), 'it is about to launch');
      await sleep(delay);
      killed.kill('SIGKILL');
      await runtime.start(spec, job(2, 'job-2'));
      expect(await runtime.inspect(spec.id, signal)).toMatchObject({
        state: 'running',
        startedBy: expect.stringMatching(/^job-[12]$/),
      });
      await waitFor(async () => (await trees(spec.id)).length === 1, 'one tree runs');
      expect((await harness.run(spec.id, ['true'])).code).toBe(0);
      await runtime.stop(spec.id, at(3));
      await waitFor(() => nothingLeft(spec.id), 'no process is left');
    },
  );

  test('a launch that is late to a stop does not start', async () => {
    const spec = harness.spec();
    const runtime = harness.open();
    await runtime.create(spec, at(1));
    const late = worker(spec);
    await waitFor(() => readdirSync(join(harness.sandboxes, spec.id)).includes('wall.nft'), 'it is about to launch');
    late.kill('SIGSTOP');
    await runtime.stop(spec.id, at(2));
    late.kill('SIGCONT');
    await waitFor(() => late.said().includes('failed fence_lost'), 'the late worker has failed');
    late.kill('SIGKILL');
    expect((await runtime.inspect(spec.id, signal))?.state).toBe('stopped');
    await waitFor(() => nothingLeft(spec.id), 'no process is left');
  });

  test('a pid that is taken again by another process is not taken for the run', async () => {
    const spec = await harness.started();
    const run = liveRun(state(spec.id), harness.uid);
    if (run === null) throw new Error('it runs');
    expect(isAlive(run, harness.uid)).toBe(true);
    expect(isAlive({ ...run, startTime: '1' }, harness.uid)).toBe(false);
    expect(isAlive({ ...run, boot: crypto.randomUUID() }, harness.uid)).toBe(false);
    expect(isAlive(run, harness.uid + 1)).toBe(false);
  });

  test.each([
    ['pasta', (run: { pasta: number }) => run.pasta],
    ['the first process of the namespace', (run: { pid: number }) => run.pid],
  ])('killing %s ends all of it', async (_, which) => {
    const spec = await harness.started();
    await harness.open().expose(spec.id, [8080], at(1));
    const run = liveRun(state(spec.id), harness.uid);
    if (run === null) throw new Error('it runs');
    process.kill(which(run), 'SIGKILL');
    await waitFor(() => nothingLeft(spec.id), 'no process is left');
    expect((await harness.open().inspect(spec.id, signal))?.state).toBe('stopped');
  });

  test('a guest that ignores being asked is ended all the same', async () => {
    const spec = await harness.started();
    await harness.run(spec.id, ['sh', '-c', 'kill -STOP $(pgrep -o socat)']);
    const before = performance.now();
    await harness.open().stop(spec.id, at(1));
    expect(performance.now() - before).toBeLessThan(10_000);
    await waitFor(() => nothingLeft(spec.id), 'no process is left');
  });

  test('a port that is no longer exposed has no relay and no connections', async () => {
    const spec = await harness.started();
    const runtime = harness.open();
    const [, target] = await runtime.expose(spec.id, [8080, 3000], at(1));
    if (!target) throw new Error('a target for each port');
    await harness.serve(spec.id, 3000);
    await waitFor(async () => (await harness.get(target)) === 200, 'it answers');
    await runtime.expose(spec.id, [8080], at(1));
    expect(await harness.get(target)).toBeNull();
    await waitFor(async () => (await processesWith(harness.socket(target))).length === 0, 'no relay is left');
    await runtime.expose(spec.id, [8080, 3000], at(1));
    expect(await harness.get(target)).toBe(200);
  });

  test('a relay that was killed is replaced by the next expose', async () => {
    const spec = await harness.started();
    const runtime = harness.open();
    const [target] = await runtime.expose(spec.id, [8080], at(1));
    if (!target) throw new Error('a target');
    const [relay] = (await processesWith(harness.socket(target))).map((line) => Number(line.trim().split(' ')[0]));
    if (relay === undefined) throw new Error('a relay');
    process.kill(relay, 'SIGKILL');
    await waitFor(async () => (await processesWith(harness.socket(target))).length === 0, 'it is gone');
    await runtime.expose(spec.id, [8080], at(1));
    await waitFor(async () => (await harness.get(target)) === 200, 'the editor answers');
  });

  test('another local user reaches neither sockets nor files of a sandbox', async () => {
    const spec = await harness.started();
    const [target] = await harness.open().expose(spec.id, [8080], at(1));
    if (!target) throw new Error('a target');
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
    const connect = await host([...asNobody, 'socat', '-', `UNIX-CONNECT:${harness.socket(target)}`]);
    expect(connect.code).not.toBe(0);
    expect(connect.err).toContain('Permission denied');
    expect((await host([...asNobody, 'ls', join(harness.sandboxes, spec.id, 'home')])).code).not.toBe(0);
    expect(statSync(join(harness.sandboxes, spec.id, 'home')).mode & 0o777).toBe(0o700);
  });

  test('a half-made instance is none, and is completed with the disk that is there', async () => {
    const spec = await harness.started();
    const runtime = harness.open();
    expect((await harness.run(spec.id, ['sh', '-c', 'echo kept > file'])).code).toBe(0);
    await runtime.stop(spec.id, at(1));
    writeFileSync(join(harness.sandboxes, spec.id, 'instance.json'), '{"id": ');
    expect(await runtime.inspect(spec.id, signal)).toBeNull();
    await runtime.create(spec, at(1));
    await runtime.start(spec, job(1));
    expect((await harness.run(spec.id, ['cat', 'file'])).out).toBe('kept\n');
  });

  test('a launch that fails says why in the words of what failed', async () => {
    const spec = harness.spec({ name: 'a'.repeat(80) });
    const runtime = harness.open();
    await runtime.create(spec, at(1));
    // The kernel refuses a host name of more than 64 bytes, so bwrap does.
    await expect(runtime.start(spec, job(1))).rejects.toMatchObject({
      code: 'instance_failed',
      message: expect.stringContaining('bwrap: '),
    });
    expect((await runtime.inspect(spec.id, signal))?.state).toBe('stopped');
    await waitFor(() => nothingLeft(spec.id), 'no process is left');
  });

  test('on a full disk nothing is made, and nothing half-made is left', async () => {
    const small = await openSandboxHarness();
    const disk = join(small.directory, 'sandboxes');
    rmSync(disk, { recursive: true });
    mkdirSync(disk);
    try {
      expect((await host(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])).code).toBe(0);
      chmodSync(disk, 0o711);
      const spec = small.spec();
      await expect(small.open().create(spec, at(1))).rejects.toMatchObject({ code: 'disk_full' });
      expect(readdirSync(disk).filter((name) => !name.startsWith('.'))).toEqual([]);
      expect(existsSync(join(disk, '.short')) ? readdirSync(join(disk, '.short')) : []).toEqual([]);
    } finally {
      await host(['umount', disk]);
      await small.close();
    }
  });

  test('a disk that fills while an instance is stopped refuses its start by name, and still lets it go', async () => {
    const small = await openSandboxHarness();
    const disk = join(small.directory, 'sandboxes');
    rmSync(disk, { recursive: true });
    mkdirSync(disk);
    try {
      expect((await host(['mount', '-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', disk])).code).toBe(0);
      const runtime = small.open();
      const spec = small.spec();
      await runtime.create(spec, at(1));
      await host(['dd', 'if=/dev/zero', `of=${disk}/.filler`, 'bs=1M']);
      await expect(runtime.start(spec, job(1))).rejects.toMatchObject({ code: 'disk_full' });
      await runtime.stop(spec.id, at(2));
      await runtime.remove(spec.id, at(2));
      expect(await runtime.list(signal)).toEqual([]);
    } finally {
      await host(['umount', disk]);
      await small.close();
    }
  });
});
