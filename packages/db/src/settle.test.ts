import { copyFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { asUser, claimed, openTestStore, temporaryDirectory } from '../test/open-test-store.ts';
import { checkInvariants } from './check-invariants.ts';
import { createStore } from './create-store.ts';
import { currentHolder } from './holder.ts';

test('create ends running, with where it was reached and when', () => {
  const { store, request, finish, violations } = openTestStore();
  const { workspace, job } = request('web');
  expect(finish(job.id)).toEqual({ settled: true, next: [] });
  expect(store.workspace(workspace.id)).toMatchObject({
    status: 'running',
    address: '10.0.0.1:8080',
    startedAt: '2026-03-01T12:00:00.000Z',
    error: null,
    stopReason: null,
    jobId: null,
  });
  expect(store.activity({ workspaceId: workspace.id, limit: 1 }).items[0]).toMatchObject({
    type: 'workspace.settled',
    actor: 'system',
    message: 'Created and started',
    detail: { job: { id: job.id, status: 'succeeded' }, from: 'creating', status: 'running', durationMs: 0 },
  });
  expect(violations()).toEqual([]);
});

test('stop ends stopped, on request, without an address', () => {
  const { store, stopped } = openTestStore();
  expect(store.workspace(stopped('web'))).toMatchObject({ status: 'stopped', stopReason: 'requested', address: null });
});

test('a failure names what failed, what to do, and what retry runs', () => {
  const { store, stopped, finish, failure, violations } = openTestStore();
  const id = stopped('web');
  const { job } = store.act(id, 'start', asUser);
  finish(job.id, failure(true));
  expect(store.workspace(id)).toMatchObject({
    status: 'error',
    jobId: null,
    error: {
      code: 'instance_failed',
      message: 'The machine ended with code 1.',
      action: 'start',
      fix: 'See its log, then retry.',
    },
  });
  expect(store.job(job.id)).toMatchObject({ status: 'failed', error: { code: 'instance_failed' } });
  const said = store.activity({ workspaceId: id, limit: 1 }).items[0];
  expect(said?.message).toBe('Could not start it: The machine ended with code 1.');
  expect(violations()).toEqual([]);
});

test('a passing failure is counted and due again after its delay, not before', () => {
  const { store, request, claim, finish, worker, pass, violations } = openTestStore();
  const { workspace, job } = request('web');
  finish(job.id, { outcome: 'retry', delayMs: 2_000, code: 'proxy_unavailable', message: 'Caddy does not answer.' });
  expect(store.job(job.id)).toMatchObject({ status: 'queued', failures: 1, error: null });
  expect(store.workspace(workspace.id)?.status).toBe('creating');
  expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'not_due' });
  expect(store.outbox(10)).toEqual([]);
  expect(store.sweep()).toEqual({ jobIds: [] });
  pass(2_000);
  expect(store.outbox(10)).toEqual([{ id: job.id }]);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
  expect(claim(job.id).job.failures).toBe(1);
  expect(violations()).toEqual([]);
});

test('a clock that is set back does not put a retry off for as long', () => {
  const { store, request, finish, worker, setWallClock } = openTestStore();
  const { job } = request('web');
  finish(job.id, { outcome: 'retry', delayMs: 2_000, code: 'proxy_unavailable', message: 'Caddy does not answer.' });
  setWallClock(Date.parse('2025-01-01T00:00:00.000Z'));
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
  expect(store.claim(job.id, worker()).outcome).toBe('claimed');
});

test('a released job may be claimed at once, and nothing is counted', () => {
  const { store, request, claim, finish, violations } = openTestStore();
  const { job } = request('web');
  expect(finish(job.id, { outcome: 'released' }).next).toContain(job.id);
  expect(store.job(job.id)).toMatchObject({ status: 'queued', failures: 0 });
  claim(job.id);
  expect(violations()).toEqual([]);
});

test('a job that has settled cannot be settled again', () => {
  const { store, request, claim } = openTestStore();
  const { job } = request('web');
  const { fence } = claim(job.id);
  store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: 0 });
  expect(() => store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: 0 })).toThrow('taken over');
});

test('whoever waits for a success waits for no disk; how else a job ended is on it at once', () => {
  const { store, request, claim } = openTestStore();
  const settlements = [
    { outcome: 'succeeded', portsVersion: 0 },
    { outcome: 'failed', code: 'internal', message: 'no', instanceStopped: true },
  ] as const;
  const pragma = vi.spyOn(Database.prototype, 'pragma');
  onTestFinished(() => pragma.mockRestore());
  const waits = settlements.map((settlement) => {
    const { job } = request(settlement.outcome);
    const { fence } = claim(job.id);
    pragma.mockClear();
    store.settle(job.id, fence, settlement);
    return !pragma.mock.calls.some(([source]) => source === 'synchronous = NORMAL');
  });
  expect(waits).toEqual([false, true]);
});

test('a success that was lost with the power is done again', () => {
  const { path, store, request, claim, worker, kill } = openTestStore();
  const { job } = request('web');
  const holder = worker();
  const { fence } = claim(job.id, holder);
  const after = `${temporaryDirectory()}/tidepool.db`;
  // The log as it was before the success: what is lost is the last of it.
  for (const file of ['', '-wal']) copyFileSync(`${path}${file}`, `${after}${file}`);
  store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: 0 });
  expect(store.workspace('web')?.status).toBe('running');

  kill(holder);
  const again = createStore({ path: after, budgetMiB: 100_000, leaseMs: 30_000 });
  onTestFinished(() => again.close());
  expect(again.workspace('web')?.status).toBe('creating');
  expect(again.sweep()).toEqual({ jobIds: [job.id] });
  const { fence: next } = claimed(again.claim(job.id, currentHolder()));
  expect(next).toBe(fence + 1);
  expect(again.settle(job.id, next, { outcome: 'succeeded', portsVersion: 0 }).settled).toBe(true);
  expect(checkInvariants(after)).toEqual([]);
});

test('what is recorded together is seen together, or not at all', () => {
  const { store, request, claim, violations } = openTestStore();
  const { workspace, job } = request('web');
  const { fence } = claim(job.id);
  const seen = () => store.activity({ workspaceId: workspace.id, limit: 10 }).items.length;
  store.stepStarted(job.id, fence, 'ensureInstance');
  const before = [store.job(job.id), seen()];
  const refused = () =>
    store.together(() => {
      store.stepFinished(job.id, fence, 'ensureInstance', { ok: true, durationMs: 1 });
      store.stepStarted(job.id, fence - 1, 'ensureRoutes');
    });
  expect(refused).toThrow(expect.objectContaining({ code: 'fence_lost' }));
  expect([store.job(job.id), seen()]).toEqual(before);
  const { settled } = store.together(() => {
    store.stepFinished(job.id, fence, 'ensureInstance', { ok: true, durationMs: 1 });
    return store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: 0 });
  });
  expect(settled).toBe(true);
  expect(store.job(job.id)).toMatchObject({ status: 'succeeded', steps: [{ status: 'succeeded' }] });
  expect(seen()).toBe(Number(before[1]) + 2);
  expect(violations()).toEqual([]);
});

test('steps are kept in order with their times; one that runs again keeps its place', () => {
  const { store, request, claim, pass, violations } = openTestStore();
  const { workspace, job } = request('web');
  const { fence } = claim(job.id);
  store.stepStarted(job.id, fence, 'ensureInstance');
  store.stepFinished(job.id, fence, 'ensureInstance', { ok: true, durationMs: 412.5 });
  store.stepStarted(job.id, fence, 'ensureRoutes');
  store.stepFinished(job.id, fence, 'ensureRoutes', { ok: false, durationMs: 20 });
  pass(1_000);
  store.stepStarted(job.id, fence, 'ensureInstance');
  expect(store.job(job.id)?.steps).toEqual([
    { name: 'ensureInstance', status: 'running', startedAt: '2026-03-01T12:00:01.000Z', durationMs: null },
    { name: 'ensureRoutes', status: 'failed', startedAt: '2026-03-01T12:00:00.000Z', durationMs: 20 },
  ]);
  const messages = store.activity({ workspaceId: workspace.id, limit: 5 }).items.map(({ message }) => message);
  expect(messages.reverse()).toEqual([
    'Making the machine',
    'Machine made after 0.4 s',
    'Opening its addresses',
    'Opening its addresses failed after 0.0 s',
    'Making the machine',
  ]);
  expect(violations()).toEqual([]);
});

test('what runs under the guard is undone with it when it throws', () => {
  const { store, request, claim } = openTestStore();
  const { workspace, job } = request('web');
  const { fence } = claim(job.id);
  const inside = () => {
    store.accessed(workspace.id, new Date());
    throw new Error('rename failed');
  };
  expect(() => store.guarded(job.id, fence, inside)).toThrow('rename failed');
  expect(store.workspace(workspace.id)?.lastAccessedAt).toBeNull();
  store.guarded(job.id, fence, () => store.accessed(workspace.id, new Date()));
  expect(store.workspace(workspace.id)?.lastAccessedAt).not.toBeNull();
});
