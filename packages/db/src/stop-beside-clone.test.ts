/** Nobody who wants a workspace stopped waits for its clone: a stop or a restart beside a `source` job ends it. */
import { describe, expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, type TestStore } from '../test/open-test-store.ts';

/** Running, with a clone that has been asked for. */
function cloning(fixture: TestStore): { id: string; jobId: string } {
  const { store, claim } = fixture;
  const source = { git: 'https://example.org/a.git' };
  const input = { name: 'web', image: 'workspace@1', cpus: 2, memoryMiB: 1024, diskGiB: 20, source };
  const { workspace, job } = store.create(input, asUser);
  const { fence, portsVersion } = claim(job.id);
  store.sourceFailed(job.id, fence, { code: 'source_unreachable', message: 'No answer.' });
  store.settle(job.id, fence, { outcome: 'succeeded', address: 'a', portsVersion });
  return { id: workspace.id, jobId: store.cloneSource(workspace.id, asUser).job.id };
}

const cases = [
  { verb: 'stop', via: 'stopping', to: 'stopped', past: 'stopped' },
  { verb: 'restart', via: 'starting', to: 'running', past: 'restarted' },
] as const;

describe.each(cases)('a $verb beside a clone', ({ verb, via, to, past }) => {
  const uncloned = {
    status: 'failed',
    error: {
      code: 'source_stopped',
      message: `It was ${past} before its repository was cloned.`,
      fix: expect.stringMatching(/\w/),
    },
  };

  test('that nobody has claimed goes at once', () => {
    const fixture = openTestStore();
    const { store, finish, violations } = fixture;
    const { id, jobId } = cloning(fixture);
    const { workspace, job } = store.act(id, verb, asUser);
    expect(job).toMatchObject({ kind: verb, status: 'queued' });
    expect(workspace).toMatchObject({ status: via, jobId: job.id, source: uncloned });
    expect(store.job(jobId)?.status).toBe('cancelled');
    expect(violations()).toEqual([]);
    finish(job.id);
    expect(store.workspace(id)).toMatchObject({ status: to, jobId: null, source: uncloned });
    expect(violations()).toEqual([]);
  });

  test('that runs waits until its holder has ended it; then it goes, and the clone may be asked for again', () => {
    const fixture = openTestStore();
    const { store, claim, finish, worker, violations } = fixture;
    const { id, jobId } = cloning(fixture);
    const { fence } = claim(jobId);
    const { workspace, job } = store.act(id, verb, asUser);
    expect(job.status).toBe('waiting');
    expect(workspace).toMatchObject({ status: via, jobId: job.id });
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'waiting' });
    expect(violations()).toEqual([]);
    expect(store.heartbeat(jobId, fence)).toEqual({ cancelRequested: true });
    expect(store.settle(jobId, fence, { outcome: 'cancelled' })).toEqual({ settled: true, next: [job.id] });
    expect(store.workspace(id)).toMatchObject({ status: via, source: uncloned });
    expect(store.activity({ workspaceId: id, limit: 1 }).items).toMatchObject([
      { message: `Cancelled, because it is being ${past}`, detail: { job: { id: jobId, status: 'cancelled' } } },
    ]);
    expect(violations()).toEqual([]);
    finish(job.id);
    expect(store.workspace(id)).toMatchObject({ status: to, jobId: null, source: uncloned });
    if (verb === 'stop') finish(store.act(id, 'start', asUser).job.id);
    expect(store.cloneSource(id, asUser).workspace.source).toMatchObject({ status: 'waiting', error: null });
    expect(violations()).toEqual([]);
  });

  test.each([
    ['succeeded', { outcome: 'succeeded', portsVersion: 0 }],
    ['failed', { outcome: 'failed', code: 'source_timeout', message: 'Late.', instanceStopped: false }],
    ['retry', { outcome: 'retry', delayMs: 1000, code: 'proxy_unavailable', message: 'No answer.' }],
    ['released', { outcome: 'released' }],
  ] as const)('goes also where the holder settles as %s', (_, settlement) => {
    const fixture = openTestStore();
    const { store, claim, violations } = fixture;
    const { id, jobId } = cloning(fixture);
    const { fence } = claim(jobId);
    const { job } = store.act(id, verb, asUser);
    expect(store.settle(jobId, fence, settlement).next).toContain(job.id);
    expect(store.job(jobId)?.status).toBe('cancelled');
    expect(store.workspace(id)).toMatchObject({ status: via, jobId: job.id });
    expect(violations()).toEqual([]);
  });

  test('leaves a repository that is cloned by then, and says why one failed that did before', () => {
    for (const outcome of ['cloned', 'failed'] as const) {
      const fixture = openTestStore();
      const { store, claim, violations } = fixture;
      const { id, jobId } = cloning(fixture);
      const { fence } = claim(jobId);
      store.act(id, verb, asUser);
      if (outcome === 'cloned') store.sourceCloned(jobId, fence);
      else store.sourceFailed(jobId, fence, { code: 'source_timeout', message: 'Late.' });
      store.settle(jobId, fence, { outcome: 'cancelled' });
      const error = outcome === 'cloned' ? null : { code: 'source_timeout' };
      expect(store.workspace(id)?.source).toMatchObject({ status: outcome, error });
      expect(violations()).toEqual([]);
    }
  });

  test.each([
    ['the sweep sends it', (test: TestStore, _jobId: string, next: string) => test.store.sweep().jobIds.includes(next)],
    [
      'a late message of the clone frees it',
      ({ store, worker }: TestStore, jobId: string) => store.claim(jobId, worker()).outcome === 'not_now',
    ],
  ])('whose holder is gone: %s', (_, freed) => {
    const fixture = openTestStore();
    const { store, claim, worker, kill, violations } = fixture;
    const { id, jobId } = cloning(fixture);
    const holder = worker();
    const { fence } = claim(jobId, holder);
    const { job } = store.act(id, verb, asUser);
    kill(holder);
    expect(freed(fixture, jobId, job.id)).toBe(true);
    expect(claim(job.id).fence).toBe(fence + 1);
    // Its message comes once more, to somebody else.
    expect(store.claim(job.id, worker())).toEqual({ outcome: 'not_now', reason: 'leased' });
    expect(store.claim(jobId, worker())).toEqual({ outcome: 'not_now', reason: 'finished' });
    expect(store.job(jobId)?.status).toBe('cancelled');
    expect(store.workspace(id)?.source).toMatchObject(uncloned);
    expect(codeOf(() => store.sourceCloned(jobId, fence))).toBe('fence_lost');
    expect(codeOf(() => store.settle(jobId, fence, { outcome: 'cancelled' }))).toBe('fence_lost');
    expect(violations()).toEqual([]);
  });

  test('a second one, or its opposite, learns that it is under way', () => {
    const fixture = openTestStore();
    const { store, claim } = fixture;
    const { id, jobId } = cloning(fixture);
    claim(jobId);
    const { job } = store.act(id, verb, asUser);
    for (const second of ['stop', 'restart', 'start'] as const) {
      expect(() => store.act(id, second, asUser)).toThrow(
        expect.objectContaining({
          code: 'job_in_the_way',
          extra: { job: { id: job.id, kind: verb, status: 'waiting' } },
        }),
      );
    }
  });

  test('a delete takes its place', () => {
    const fixture = openTestStore();
    const { store, claim, finish, violations } = fixture;
    const { id, jobId } = cloning(fixture);
    const { fence } = claim(jobId);
    const overtaken = store.act(id, verb, asUser).job;
    const deletion = store.act(id, 'delete', asUser);
    expect(deletion).toMatchObject({ job: { status: 'waiting' }, workspace: { status: 'deleting' } });
    expect(store.job(overtaken.id)?.status).toBe('cancelled');
    expect(violations()).toEqual([]);
    expect(store.settle(jobId, fence, { outcome: 'cancelled' }).next).toEqual([deletion.job.id]);
    finish(deletion.job.id);
    expect(store.workspace(id)).toBeNull();
    expect(violations()).toEqual([]);
  });
});

test('a restart that waits for a clone holds its memory, and is refused where that does not fit', () => {
  const fixture = openTestStore({ budgetMiB: 2048 });
  const { store, claim, running } = fixture;
  running('other');
  const { id, jobId } = cloning(fixture);
  claim(jobId);
  store.resize(id, { memoryMiB: 2048 }, asUser);
  expect(codeOf(() => store.act(id, 'restart', asUser))).toBe('capacity_exhausted');
  expect(store.job(jobId)).toMatchObject({ status: 'running', cancelRequested: false });
  store.act(id, 'stop', asUser);
  expect(store.capacity().usedMiB).toBe(2048);
});

test('no other job waits behind a clone, and a stop behind no other job', () => {
  const fixture = openTestStore();
  const { store, running, claim } = fixture;
  const id = running('web-2');
  const { job } = store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
  claim(job?.id ?? '');
  for (const verb of ['stop', 'restart'] as const) {
    expect(codeOf(() => store.act(id, verb, asUser))).toBe('job_in_the_way');
  }
});
