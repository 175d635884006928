/** A stop or a restart beside a clone that hangs: it goes at once, whatever is killed meanwhile, and nothing of the clone is left. */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@tidepool/core';
import { steerFake } from '@tidepool/runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeHome, openFakeHome } from './fake-home.ts';
import { type FakeSources, openFakeSources } from './fake-sources.ts';
import { openJobBench } from './job-bench.ts';
import { expectTarget, strike } from './kill-drivers.ts';
import { startIdeStub, until, type WorkerProcess } from './worker-home.ts';

const verbs = ['stop', 'restart'] as const;
type Verb = (typeof verbs)[number];

describe.each(verbs)('%s', (verb) => {
  let home: FakeHome;
  let sources: FakeSources;
  let worker: WorkerProcess;
  let count = 0;
  beforeAll(async () => {
    home = await openFakeHome();
    sources = await openFakeSources(home);
    worker = await home.startWorker();
  });
  afterAll(async () => {
    await sources.close();
    await home.close();
  });

  const drafts = ({ workspaceId }: Job) => join(home.fakeDirectory, 'disks', workspaceId, '.tidepool-source');

  /** One whose clone is at work, and hangs. */
  async function hanging(): Promise<Job> {
    const name = `web-${count++}`;
    await sources.delay(0);
    await sources.uncloned(name);
    await sources.delay(600_000);
    const job = await sources.cloneAgain(name);
    await until('Git has begun', () => existsSync(drafts(job)));
    return job;
  }

  /** Accepts it, and sends both messages twice. */
  async function asked(clone: Job): Promise<Job> {
    const { job } = home.store.act(clone.workspaceName, verb, { actor: 'user' });
    await home.send(job, 2);
    await home.send(clone, 2);
    return job;
  }

  /** Whatever came between. */
  async function expectOutcome(clone: Job, job: Job): Promise<void> {
    await expectTarget(home, job);
    expect(home.store.job(clone.id)).toMatchObject({ status: 'cancelled', error: null });
    expect(home.workspace(job.workspaceName).source).toMatchObject({
      status: 'failed',
      error: { code: 'source_stopped', message: expect.stringContaining(verb === 'stop' ? 'stopped' : 'restarted') },
    });
    expect(existsSync(drafts(clone))).toBe(false);
    const effects = home.journal(job.workspaceId).map(({ effect }) => effect);
    expect(effects.filter((effect) => effect === 'stop')).toHaveLength(1);
    // Tried again it is cloned, once.
    await sources.delay(0);
    if (verb === 'stop') await home.done('start', job.workspaceName);
    const again = await sources.cloneAgain(job.workspaceName);
    await expectTarget(home, again);
    sources.expectCloned(again);
  }

  test('ends it and goes', async () => {
    const clone = await hanging();
    await expectOutcome(clone, await asked(clone));
  });

  test('asked for after the worker was killed, the next one carries it out', async () => {
    const clone = await hanging();
    worker.kill('SIGKILL');
    await worker.ended;
    const job = await asked(clone);
    worker = await home.startWorker();
    await expectOutcome(clone, job);
  });

  test('asked for before the worker was killed, the next one carries it out', async () => {
    const clone = await hanging();
    await strike(home, worker, clone, { step: 'cloneSource', moment: 'during' }, 'SIGSTOP');
    const job = await asked(clone);
    worker.kill('SIGKILL');
    await worker.ended;
    worker = await home.startWorker();
    await expectOutcome(clone, job);
  });

  test('killed in the middle of it, the next one goes on', async () => {
    const clone = await hanging();
    home.linger(200);
    const job = await asked(clone);
    await strike(home, worker, job, { step: 'stopInstance', moment: 'during' });
    home.linger(0);
    worker = await home.startWorker();
    await expectOutcome(clone, job);
  });

  test('a delete takes its place, and goes', async () => {
    const clone = await hanging();
    const overtaken = await asked(clone);
    const job = await home.request('delete', clone.workspaceName);
    await expectTarget(home, job);
    expect(['cancelled', 'succeeded']).toContain(home.store.job(overtaken.id)?.status);
    expect(existsSync(drafts(clone))).toBe(false);
  });
});

describe('what a stop clears up', () => {
  const name = 'web';
  const git = 'https://127.0.0.1:1/project.git';
  type Bench = Awaited<ReturnType<typeof openJobBench>>;

  /** In a bench of its own: ended by a stop that is now to be carried out, with `left` beside its project folder. */
  async function stopping(verb: Verb, left: readonly string[], act: (bench: Bench, job: Job, disk: string) => unknown) {
    vi.useFakeTimers({ toFake: ['Date'] });
    const stub = await startIdeStub();
    const bench = await openJobBench(stub);
    try {
      const { store } = bench.parts;
      const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20, source: { git } };
      const created = await bench.finish(store.create(input, { actor: 'user' }).job);
      const disk = `${bench.directory}/disks/${created.workspaceId}`;
      for (const path of left) await mkdir(join(disk, '.tidepool-source', path), { recursive: true });
      store.cloneSource(name, { actor: 'user' });
      await act(bench, store.act(name, verb, { actor: 'user' }).job, disk);
    } finally {
      await bench.close();
      await stub.close();
      vi.useRealTimers();
    }
  }

  test('not what was whole: the next attempt moves in what is left of it', () =>
    stopping('restart', ['3.draft/objects', '2.whole/src', '2.whole/.git'], async (bench, job, disk) => {
      const whole = join(disk, '.tidepool-source', '2.whole');
      await writeFile(join(whole, '.git', 'config'), `[remote "origin"]\n\turl = ${git}\n`);
      await mkdir(join(disk, 'project'), { recursive: true });
      await rename(join(whole, 'src'), join(disk, 'project', 'src'));
      expect((await bench.finish(job)).status).toBe('succeeded');
      expect(existsSync(join(disk, '.tidepool-source', '3.draft'))).toBe(false);
      const clone = bench.parts.store.cloneSource(name, { actor: 'user' }).job;
      expect((await bench.finish(clone)).status).toBe('succeeded');
      expect(bench.workspace(name).source).toMatchObject({ status: 'cloned', error: null });
      expect(existsSync(join(disk, 'project', '.git', 'config'))).toBe(true);
      expect(existsSync(join(disk, '.tidepool-source'))).toBe(false);
    }));

  test('nothing where the machine does not answer: it is stopped all the same', () =>
    stopping('stop', ['2.draft'], async (bench, job, disk) => {
      steerFake(bench.directory, { methods: { exec: { delayMs: 3_600_000 } } });
      expect((await bench.finish(job)).status).toBe('succeeded');
      expect(bench.workspace(name).status).toBe('stopped');
      expect(bench.effects(job.workspaceId).at(-1)).toBe('stop');
      expect(existsSync(join(disk, '.tidepool-source', '2.draft'))).toBe(true);
    }));
});
