/** Messages that come twice, workers that are two, and a worker that was suspended and comes back. On the fake runtime. */
import { type Job, type JobKind, jobKinds, plans, type StepName } from '@tidepool/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effectsOf, type FakeHome, historyOf, openFakeHome } from './fake-home.ts';
import { type FakeSources, openFakeSources } from './fake-sources.ts';
import { expectState, expectTarget, strike } from './kill-drivers.ts';
import { until, type WorkerProcess } from './worker-home.ts';

let count = 0;
const nameOf = () => `web-${count++}`;

async function prepared({ home, sources }: Bench, kind: JobKind, name: string): Promise<void> {
  if (kind === 'source') await sources.uncloned(name);
  else if (kind !== 'create') await home.done('create', name);
  if (kind === 'start') await home.done('stop', name);
}

function accepted({ home, sources }: Bench, kind: JobKind, name: string): Promise<Job> {
  if (kind === 'routes') return home.addPort(name, 3000);
  if (kind === 'source') return sources.cloneAgain(name);
  return kind === 'create' ? sources.create(name) : home.request(kind, name);
}

interface Bench {
  readonly home: FakeHome;
  readonly sources: FakeSources;
}

describe('every message three times, to two workers', () => {
  let home: FakeHome;
  let sources: FakeSources;
  beforeAll(async () => {
    home = await openFakeHome();
    sources = await openFakeSources(home);
    await Promise.all([home.startWorker(), home.startWorker()]);
  });
  afterAll(async () => {
    await sources.close();
    await home.close();
  });

  test.each(jobKinds)('%s happens once', async (kind) => {
    const name = nameOf();
    await prepared({ home, sources }, kind, name);
    home.linger(50);
    const job = await accepted({ home, sources }, kind, name);
    await home.send(job, 2);
    await expectTarget(home, job);
    await home.send(job, 2);
    home.linger(0);
    const next = await home.done('create', nameOf());
    expect(home.store.job(next.id)?.status).toBe('succeeded');
    await expectState(home, job, kind);
    expect(home.journal(job.workspaceId).map(({ effect }) => effect)).toEqual([...historyOf[kind], ...effectsOf[kind]]);
  });

  test('twenty workspaces made and deleted at once leave nothing, and nothing was done twice', async () => {
    const names = Array.from({ length: 20 }, nameOf);
    const created = await Promise.all(names.map((name) => home.request('create', name)));
    await Promise.all(created.map((job) => home.send(job)));
    for (const job of created) await expectTarget(home, job);
    const deleted = await Promise.all(names.map((name) => home.request('delete', name)));
    for (const job of deleted) await expectTarget(home, job);
    for (const { workspaceId } of created) {
      const effects = home.journal(workspaceId).map(({ effect }) => effect);
      expect(effects).toEqual([...effectsOf.create, ...effectsOf.delete]);
    }
  });
});

describe('a worker that was suspended in the middle of a step, its job finished by another, does no harm', () => {
  let home: FakeHome;
  let sources: FakeSources;
  let suspended: WorkerProcess;
  beforeAll(async () => {
    home = await openFakeHome({ TIDEPOOL_LEASE_SECONDS: '1', TIDEPOOL_HEARTBEAT_SECONDS: '0.2' });
    sources = await openFakeSources(home);
    suspended = await home.startWorker();
  });
  afterAll(async () => {
    await sources.close();
    await home.close();
  });

  // Every step there is, once.
  const steps = {
    create: plans.create,
    start: ['ensureRunning'],
    stop: plans.stop,
    restart: ['stopInstance', 'ensureRunning'],
    delete: plans.delete,
    routes: plans.routes,
    source: ['cloneSource'],
  } as const satisfies Record<JobKind, readonly StepName[]>;
  const cases = jobKinds.flatMap((kind) => steps[kind].map((step: StepName) => ({ kind, step })));
  test.each(cases)('$kind in $step', async ({ kind, step }) => {
    const name = nameOf();
    await prepared({ home, sources }, kind, name);
    home.linger(200);
    await sources.delay(step === 'cloneSource' ? 300 : 0);
    home.stub.setReady(step !== 'ensureIde');
    const job = await accepted({ home, sources }, kind, name);
    await strike(home, suspended, job, { step, moment: 'during' }, 'SIGSTOP');
    home.linger(0);
    await sources.delay(0);
    home.stub.setReady(true);
    const other = await home.startWorker();
    await expectTarget(home, job);
    if (kind === 'create' || kind === 'source') sources.expectCloned(job);

    // Where the suspended one would do the most harm: the opposite of what it was at.
    const opposite = await home.request(oppositeOf[kind], name);
    // One message is kept by the suspended one, until it goes on.
    await home.send(opposite);
    await expectTarget(home, opposite);
    const before = home.journal(opposite.workspaceId);
    suspended.kill('SIGCONT');
    // Or it was struck after its last word on the job.
    const noticed = /taken over|"outcome":"(abandoned|succeeded)"/;
    const linesOnJob = () =>
      suspended
        .output()
        .split('\n')
        .filter((line) => line.includes(job.id));
    const hasNoticed = () => linesOnJob().some((line) => noticed.test(line));
    await until('it has noticed', hasNoticed).catch((error: unknown) => {
      throw new Error(`${linesOnJob().join('\n')}\n…\n${suspended.output().slice(-3000)}`, { cause: error });
    });

    await expectState(home, opposite, opposite.kind);
    expect(home.journal(opposite.workspaceId)).toEqual(before);
    expect(before.filter(({ effect }) => effect === 'remove').length).toBeLessThan(2);
    await home.done('delete', name);
    other.kill('SIGTERM');
    expect(await other.ended).toBe(0);
  });
});

const oppositeOf = {
  create: 'stop',
  start: 'stop',
  stop: 'start',
  restart: 'stop',
  // The same name again: another workspace, whose routes and logs are not to be removed.
  delete: 'create',
  routes: 'stop',
  source: 'stop',
} as const satisfies Record<JobKind, JobKind>;
