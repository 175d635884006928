import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore } from '../test/open-test-store.ts';

test('a delete cancels a job that nobody has claimed, and goes at once', () => {
  const { store, request, violations } = openTestStore();
  const { workspace, job } = request('web');
  const deletion = store.act(workspace.id, 'delete', asUser);
  expect(store.job(job.id)?.status).toBe('cancelled');
  expect(deletion.job.status).toBe('queued');
  expect(store.outbox(10)).toEqual([{ id: deletion.job.id }]);
  expect(violations()).toEqual([]);
});

test('a delete beside a running job waits; the holder is told, hands the lock on, and the delete goes', () => {
  const { store, request, claim, finish, worker, violations } = openTestStore();
  const { workspace, job } = request('web');
  const { fence } = claim(job.id);
  expect(store.heartbeat(job.id, fence)).toEqual({ cancelRequested: false });

  const deletion = store.act(workspace.id, 'delete', asUser);
  expect(deletion.job.status).toBe('waiting');
  expect(deletion.workspace).toMatchObject({ status: 'deleting', jobId: deletion.job.id });
  expect(store.job(job.id)).toMatchObject({ status: 'running', cancelRequested: true });
  expect(store.outbox(10)).toEqual([]);
  expect(store.sweep()).toEqual({ jobIds: [] });
  expect(store.claim(deletion.job.id, worker())).toEqual({ outcome: 'not_now', reason: 'waiting' });
  expect(() => store.act(workspace.id, 'delete', asUser)).toThrow(
    expect.objectContaining({
      code: 'job_in_the_way',
      extra: { job: { id: deletion.job.id, kind: 'delete', status: 'waiting' } },
    }),
  );
  expect(store.heartbeat(job.id, fence)).toEqual({ cancelRequested: true });
  expect(codeOf(() => store.guarded(job.id, fence, () => undefined))).toBe('cancelled');
  expect(violations()).toEqual([]);

  expect(store.settle(job.id, fence, { outcome: 'cancelled' })).toEqual({ settled: true, next: [deletion.job.id] });
  expect(store.workspace(workspace.id)?.status).toBe('deleting');
  expect(store.job(deletion.job.id)?.status).toBe('queued');
  expect(violations()).toEqual([]);
  finish(deletion.job.id);
  expect(store.workspace(workspace.id)).toBeNull();
  expect(store.job(job.id)?.status).toBe('cancelled');
  expect(store.job(deletion.job.id)?.status).toBe('succeeded');
  expect(violations()).toEqual([]);
});

test.each([
  ['succeeded', { outcome: 'succeeded', address: '10.0.0.1:8080', portsVersion: 0 }],
  ['failed', { outcome: 'failed', code: 'instance_failed', message: 'It ended.', instanceStopped: true }],
  ['retry', { outcome: 'retry', delayMs: 1000, code: 'proxy_unavailable', message: 'No answer.' }],
  ['released', { outcome: 'released' }],
] as const)('a holder that settles as %s after the delete does not bring the workspace back', (_name, settlement) => {
  const { store, request, claim, violations } = openTestStore();
  const { workspace, job } = request('web');
  const { fence } = claim(job.id);
  const deletion = store.act(workspace.id, 'delete', asUser);
  expect(store.settle(job.id, fence, settlement).next).toContain(deletion.job.id);
  expect(store.workspace(workspace.id)?.status).toBe('deleting');
  expect(store.job(job.id)?.status).toBe('cancelled');
  expect(violations()).toEqual([]);
});

test('where the holder is gone, the sweep sends the delete and its claim cancels the job', () => {
  const { store, request, claim, worker, kill, violations } = openTestStore();
  const { workspace, job } = request('web');
  const holder = worker();
  const { fence } = claim(job.id, holder);
  const deletion = store.act(workspace.id, 'delete', asUser);
  kill(holder);
  expect(store.sweep()).toEqual({ jobIds: [deletion.job.id] });
  expect(claim(deletion.job.id).fence).toBe(fence + 1);
  expect(store.job(job.id)?.status).toBe('cancelled');
  expect(codeOf(() => store.settle(job.id, fence, { outcome: 'cancelled' }))).toBe('fence_lost');
  expect(violations()).toEqual([]);
});

test('where the holder is gone, a late message of its job cancels it and frees the delete', () => {
  const { store, request, claim, worker, kill, violations } = openTestStore();
  const { workspace, job } = request('web');
  const holder = worker();
  claim(job.id, holder);
  const deletion = store.act(workspace.id, 'delete', asUser);
  kill(holder);
  expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'finished' });
  expect(store.outbox(10)).toEqual([{ id: deletion.job.id }]);
  expect(violations()).toEqual([]);
});

test('a delete that failed may be tried again, and nothing else may', () => {
  const { store, stopped, finish, failure, violations } = openTestStore();
  const id = stopped('web');
  finish(store.act(id, 'delete', asUser).job.id, failure(true));
  expect(store.workspace(id)).toMatchObject({ status: 'error', error: { action: 'delete', code: 'instance_failed' } });
  expect(codeOf(() => store.act(id, 'start', asUser))).toBe('wrong_status');
  finish(store.act(id, 'retry', asUser).job.id);
  expect(store.workspace(id)).toBeNull();
  expect(violations()).toEqual([]);
});

test('a holder whose routes are stale need not mend them when a delete waits', () => {
  const { store, request, claim } = openTestStore();
  const { workspace, job } = request('web');
  const { fence, portsVersion } = claim(job.id);
  store.addPort(workspace.id, { port: 3000, label: null, stripPrefix: true }, asUser);
  const deletion = store.act(workspace.id, 'delete', asUser);
  const settled = store.settle(job.id, fence, { outcome: 'succeeded', portsVersion });
  expect(settled).toEqual({ settled: true, next: [deletion.job.id] });
});
