import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { asUser, claimed, codeOf, openTestStore } from '../test/open-test-store.ts';

describe('who may claim', () => {
  test('nobody a job that does not exist', () => {
    const { store, worker } = openTestStore();
    expect(store.claim('nothing', worker())).toEqual({ outcome: 'not_now', reason: 'unknown' });
  });

  test('nobody a job that another holds, not even its own holder twice', () => {
    const { store, request, worker, violations } = openTestStore();
    const { job } = request('web');
    const holder = worker();
    claimed(store.claim(job.id, holder));
    expect(store.claim(job.id, holder)).toEqual({ outcome: 'not_now', reason: 'leased' });
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'leased' });
    expect(violations()).toEqual([]);
  });

  test('nobody a job that has ended', () => {
    const { store, request, finish, worker } = openTestStore();
    const { job } = request('web');
    finish(job.id);
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'finished' });
  });
});

describe('leases', () => {
  test('one is void at once when its holder is gone, and the next claim fences it off', () => {
    const { store, request, claim, worker, kill, violations } = openTestStore();
    const { job } = request('web');
    const first = worker();
    const { fence } = claim(job.id, first);
    kill(first);
    const next = claim(job.id, worker());
    expect(next.fence).toBe(fence + 1);
    expect(codeOf(() => store.heartbeat(job.id, fence))).toBe('fence_lost');
    expect(codeOf(() => store.guarded(job.id, fence, () => expect.unreachable()))).toBe('fence_lost');
    expect(codeOf(() => store.stepStarted(job.id, fence, 'ensureIde'))).toBe('fence_lost');
    expect(codeOf(() => store.portsOf(job.id, fence))).toBe('fence_lost');
    expect(codeOf(() => store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: 0 }))).toBe('fence_lost');
    expect(store.settle(job.id, next.fence, { outcome: 'succeeded', portsVersion: 0 }).settled).toBe(true);
    expect(violations()).toEqual([]);
  });

  test('the first claim of a job waits for no disk, and one that takes it over does', () => {
    const { request, claim, worker, kill } = openTestStore();
    const { job } = request('web');
    const pragma = vi.spyOn(Database.prototype, 'pragma');
    const waits = (holder: ReturnType<typeof worker>) => {
      pragma.mockClear();
      claim(job.id, holder);
      return !pragma.mock.calls.some(([source]) => source === 'synchronous = NORMAL');
    };
    const first = worker();
    expect(waits(first)).toBe(false);
    kill(first);
    expect(waits(worker())).toBe(true);
    pragma.mockRestore();
  });

  test('one of a living holder ends at its deadline on the monotonic clock; a heartbeat puts that off', () => {
    const { store, request, claim, worker, pass } = openTestStore({ leaseMs: 30_000 });
    const { job } = request('web');
    const { fence } = claim(job.id, worker());
    pass(29_000);
    store.heartbeat(job.id, fence);
    pass(29_000);
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'leased' });
    pass(2_000);
    expect(claim(job.id, worker()).fence).toBe(fence + 1);
  });

  test('a wall clock that jumps by a year ends none', () => {
    const { store, request, claim, worker, setWallClock } = openTestStore();
    const { job } = request('web');
    claim(job.id, worker());
    setWallClock(Date.parse('2027-03-01T12:00:00.000Z'));
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'leased' });
    expect(store.sweep()).toEqual({ jobIds: [] });
  });

  test('the fence goes on counting from job to job of a workspace', () => {
    const { store, request, claim, violations } = openTestStore();
    const { workspace, job } = request('web');
    const first = claim(job.id).fence;
    store.settle(job.id, first, { outcome: 'succeeded', portsVersion: 0 });
    const stop = store.act(workspace.id, 'stop', asUser).job;
    expect(claim(stop.id).fence).toBe(first + 1);
    expect(codeOf(() => store.heartbeat(stop.id, first))).toBe('fence_lost');
    expect(violations()).toEqual([]);
  });
});

describe('crashes', () => {
  test('the tenth worker that a job ends makes it fail, with no one left to try', () => {
    const { store, request, claim, worker, kill, violations } = openTestStore();
    const { workspace, job } = request('web');
    for (let attempt = 1; attempt <= 10; attempt++) {
      const holder = worker();
      claim(job.id, holder);
      kill(holder);
    }
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'finished' });
    expect(store.job(job.id)).toMatchObject({ status: 'failed', failures: 0, error: { code: 'crash_loop' } });
    expect(store.workspace(workspace.id)).toMatchObject({
      status: 'error',
      jobId: null,
      error: { code: 'crash_loop', action: 'create', fix: 'See the log of the worker, then retry.' },
    });
    expect(store.capacity().usedMiB).toBe(1024);
    expect(violations()).toEqual([]);
  });

  test('a retry begins to count anew', () => {
    const { store, request, claim, worker, kill, finish } = openTestStore();
    const { workspace, job } = request('web');
    for (let attempt = 1; attempt <= 10; attempt++) {
      const holder = worker();
      claim(job.id, holder);
      kill(holder);
    }
    store.claim(job.id, worker());
    finish(store.act(workspace.id, 'retry', asUser).job.id);
    expect(store.workspace(workspace.id)?.status).toBe('running');
  });

  test('a job of which the worker ended goes on with the steps of the new attempt only', () => {
    const { store, request, claim, worker, kill } = openTestStore();
    const { workspace, job } = request('web');
    const holder = worker();
    const { fence } = claim(job.id, holder);
    store.stepStarted(job.id, fence, 'ensureInstance');
    kill(holder);
    expect(claim(job.id).job.steps).toEqual([]);
    const said = store.activity({ workspaceId: workspace.id, limit: 1 }).items[0];
    expect(said).toMatchObject({ type: 'job.claimed', detail: { reason: 'worker_ended' } });
  });
});

describe('three starts at once', () => {
  test('the fourth waits, stop and delete do not, and whoever settles sends the next', () => {
    const { store, request, running, claim, worker, violations } = openTestStore();
    const other = running('other');
    const third = running('third');
    const jobs = ['one', 'two', 'three', 'four', 'five'].map((name) => request(name).job);
    const [first, second, , fourth, fifth] = jobs.map((job) => job.id);
    if (!first || !second || !fourth || !fifth) throw new Error('five jobs were made');
    const fences = jobs.slice(0, 3).map((job) => claim(job.id).fence);
    store.sent(fourth);
    expect(store.claim(fourth, worker())).toEqual({ outcome: 'not_now', reason: 'too_many_starts' });
    expect(store.outbox(10)).toEqual([]);
    expect(store.sweep()).toEqual({ jobIds: [] });

    claim(store.act(other, 'stop', asUser).job.id);
    claim(store.act(third, 'delete', asUser).job.id);

    const settled = store.settle(first, fences[0] ?? 0, { outcome: 'succeeded', portsVersion: 0 });
    expect(settled.next).toEqual([fourth]);
    expect(store.sweep().jobIds).toContain(fourth);
    claim(fourth);
    const failed = store.settle(second, fences[1] ?? 0, {
      outcome: 'retry',
      delayMs: 5_000,
      code: 'runtime_unavailable',
      message: 'No answer.',
    });
    expect(failed.next).toEqual([fifth]);
    expect(violations()).toEqual([]);
  });

  test('a start left by a dead worker keeps its place and is taken over', () => {
    const { request, claim, worker, kill, violations } = openTestStore();
    const holder = worker();
    const jobs = ['one', 'two', 'three'].map((name) => request(name).job);
    for (const job of jobs) claim(job.id, holder);
    kill(holder);
    for (const job of jobs) claim(job.id);
    expect(violations()).toEqual([]);
  });
});
