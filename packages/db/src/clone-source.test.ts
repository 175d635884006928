import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, type TestStore } from '../test/open-test-store.ts';

const source = { git: 'https://example.org/a.git', ref: 'main' };
const error = { code: 'source_not_found', message: 'There is no such repository.' } as const;

const request = ({ store }: TestStore) =>
  store.create({ name: 'web', image: 'workspace@1', cpus: 2, memoryMiB: 1024, diskGiB: 20, source }, asUser);

/** Running, its repository not cloned. */
function uncloned(fixture: TestStore): string {
  const { workspace, job } = request(fixture);
  const { fence, portsVersion } = fixture.claim(job.id);
  fixture.store.sourceFailed(job.id, fence, error);
  fixture.store.settle(job.id, fence, { outcome: 'succeeded', address: 'a', portsVersion });
  return workspace.id;
}

test('only the create of a workspace with a repository has the step that clones', () => {
  const fixture = openTestStore();
  expect(request(fixture).job.plan).toContain('cloneSource');
  expect(fixture.request('plain').job.plan).not.toContain('cloneSource');
});

test('a repository that could not be cloned leaves its workspace running, and says why', () => {
  const fixture = openTestStore();
  const id = uncloned(fixture);
  expect(fixture.store.workspace(id)).toMatchObject({
    status: 'running',
    error: null,
    source: { ...source, status: 'failed', error: { ...error, fix: expect.stringMatching(/\w/) } },
  });
  expect(fixture.store.activity({ workspaceId: id, limit: 3 }).items).toContainEqual(
    expect.objectContaining({
      type: 'workspace.changed',
      message: 'Could not clone https://example.org/a.git, main: There is no such repository.',
    }),
  );
  expect(fixture.violations()).toEqual([]);
});

test('trying again makes a source job, and the workspace stays running', () => {
  const fixture = openTestStore();
  const { store, claim, violations } = fixture;
  const id = uncloned(fixture);
  const { workspace, job } = store.cloneSource('web', asUser);
  expect(job).toMatchObject({ kind: 'source', status: 'queued', plan: ['cloneSource', 'ensureRoutes'] });
  expect(workspace).toMatchObject({ status: 'running', jobId: job.id, source: { status: 'waiting', error: null } });
  expect(violations()).toEqual([]);
  const { fence, portsVersion } = claim(job.id);
  store.sourceCloned(job.id, fence);
  store.settle(job.id, fence, { outcome: 'succeeded', portsVersion });
  expect(store.workspace(id)).toMatchObject({
    status: 'running',
    jobId: null,
    source: { status: 'cloned', error: null },
  });
  expect(codeOf(() => store.cloneSource(id, asUser))).toBe('wrong_status');
  expect(violations()).toEqual([]);
});

test('a source job that fails leaves the workspace running, whatever the reason', () => {
  const fixture = openTestStore();
  const id = uncloned(fixture);
  fixture.finish(fixture.store.cloneSource(id, asUser).job.id, fixture.failure(false));
  expect(fixture.store.workspace(id)).toMatchObject({
    status: 'running',
    error: null,
    source: { status: 'failed', error: { code: 'instance_failed' } },
  });
  expect(fixture.violations()).toEqual([]);
});

test('a repository that is cloned stays so, when the job fails afterwards', () => {
  const fixture = openTestStore();
  const id = uncloned(fixture);
  const { job } = fixture.store.cloneSource(id, asUser);
  const { fence } = fixture.claim(job.id);
  fixture.store.sourceCloned(job.id, fence);
  fixture.store.settle(job.id, fence, fixture.failure(false));
  expect(fixture.store.workspace(id)?.source).toMatchObject({ status: 'cloned', error: null });
  expect(fixture.violations()).toEqual([]);
});

test('the create that is retried after its clone does not clone again; one that failed before does', () => {
  const fixture = openTestStore();
  const { store, claim, failure } = fixture;
  const { workspace, job } = request(fixture);
  const first = claim(job.id);
  store.settle(job.id, first.fence, failure(true));
  const again = store.act(workspace.id, 'retry', asUser).job;
  expect(again.plan).toContain('cloneSource');
  const second = claim(again.id);
  store.sourceCloned(again.id, second.fence);
  store.settle(again.id, second.fence, failure(true));
  expect(store.act(workspace.id, 'retry', asUser).job.plan).not.toContain('cloneSource');
  expect(fixture.violations()).toEqual([]);
});

test('it is refused while it does not run, where there is no repository, and beside another job', () => {
  const fixture = openTestStore();
  const { store, running, finish } = fixture;
  expect(codeOf(() => store.cloneSource(running('plain'), asUser))).toBe('wrong_status');
  const id = uncloned(fixture);
  const { job } = store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
  expect(codeOf(() => store.cloneSource(id, asUser))).toBe('job_in_the_way');
  finish(job?.id ?? '');
  finish(store.act(id, 'stop', asUser).job.id);
  expect(codeOf(() => store.cloneSource(id, asUser))).toBe('wrong_status');
  expect(codeOf(() => store.cloneSource('nobody', asUser))).toBe('workspace_not_found');
});

test('the same request twice is one job', () => {
  const fixture = openTestStore();
  const id = uncloned(fixture);
  const context = { ...asUser, idempotency: { key: 'k', bodyHash: 'h' } };
  const first = fixture.store.cloneSource(id, context);
  expect(fixture.store.cloneSource(id, context).job.id).toBe(first.job.id);
});

test('beside it no start, no retry and no second one is accepted; a delete is, and ends it', () => {
  const fixture = openTestStore();
  const { store, claim, violations } = fixture;
  const id = uncloned(fixture);
  const { job } = store.cloneSource(id, asUser);
  const { fence } = claim(job.id);
  expect(codeOf(() => store.act(id, 'start', asUser))).toBe('job_in_the_way');
  expect(codeOf(() => store.act(id, 'retry', asUser))).toBe('job_in_the_way');
  expect(codeOf(() => store.cloneSource(id, asUser))).toBe('job_in_the_way');
  const deletion = store.act(id, 'delete', asUser).job;
  expect(violations()).toEqual([]);
  expect(store.heartbeat(job.id, fence).cancelRequested).toBe(true);
  expect(store.settle(job.id, fence, { outcome: 'cancelled' }).next).toEqual([deletion.id]);
  expect(violations()).toEqual([]);
});

test('when Tidepool ends, a source job is dropped, and may be asked for again after the next start', () => {
  const fixture = openTestStore();
  const { store, finish, violations } = fixture;
  const id = uncloned(fixture);
  const { job } = store.cloneSource(id, asUser);
  expect(store.shutDown(id)).toBe(true);
  expect(store.job(job.id)?.status).toBe('cancelled');
  expect(store.workspace(id)).toMatchObject({ status: 'stopped', jobId: null, source: { status: 'waiting' } });
  finish(store.act(id, 'start', asUser).job.id);
  expect(store.cloneSource(id, asUser).job.status).toBe('queued');
  expect(violations()).toEqual([]);
});

test('three clone at once, and hold up no start; who settles sends the next', () => {
  const { store, claim, request: plain, worker, violations } = openTestStore();
  const [first, second, third, fourth] = ['one', 'two', 'three', 'four'].map(
    (name) => store.create({ name, image: 'i', cpus: 1, memoryMiB: 512, diskGiB: 20, source }, asUser).job.id,
  );
  if (!first || !second || !third || !fourth) throw new Error('four were asked for');
  const { fence } = claim(first);
  claim(second);
  claim(third);
  expect(store.claim(fourth, worker())).toEqual({ outcome: 'not_now', reason: 'too_many_starts' });
  const starts = ['five', 'six', 'seven'].map((name) => plain(name).job.id);
  expect(store.outbox(10).map(({ id }) => id)).toEqual(starts);
  for (const id of starts) claim(id);
  expect(store.sweep().jobIds).toEqual([]);
  expect(violations()).toEqual([]);
  const tooMany = plain('eight').job.id;
  store.sourceFailed(first, fence, error);
  expect(store.settle(first, fence, { outcome: 'succeeded' }).next).toEqual([fourth]);
  expect(store.outbox(10)).toEqual([{ id: fourth }]);
  expect(store.claim(tooMany, worker()).outcome).toBe('not_now');
  claim(fourth);
  expect(violations()).toEqual([]);
});

test('who lost the fence writes nothing', () => {
  const fixture = openTestStore();
  const { store, claim, worker, kill } = fixture;
  const { workspace, job } = request(fixture);
  const old = worker();
  const { fence } = claim(job.id, old);
  kill(old);
  claim(job.id);
  expect(codeOf(() => store.sourceCloned(job.id, fence))).toBe('fence_lost');
  expect(codeOf(() => store.sourceFailed(job.id, fence, error))).toBe('fence_lost');
  expect(store.workspace(workspace.id)?.source?.status).toBe('waiting');
});
