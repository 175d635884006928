import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, type TestStore } from '../test/open-test-store.ts';

const add = ({ store }: TestStore, ref: string, port: number) =>
  store.addPort(ref, { port, label: `app ${port}`, stripPrefix: false }, asUser);

test('a port of a running workspace makes a routes job, and the workspace stays running', () => {
  const fixture = openTestStore();
  const { store, running, finish, violations } = fixture;
  const id = running('web');
  const { workspace, job } = add(fixture, id, 3000);
  expect(job).toMatchObject({ kind: 'routes', status: 'queued' });
  expect(workspace).toMatchObject({ status: 'running', jobId: job?.id });
  expect(workspace.ports).toEqual([
    {
      port: 3000,
      label: 'app 3000',
      listening: null,
      stripPrefix: false,
      path: '/workspace/web/port/3000/',
      createdAt: '2026-03-01T12:00:00.000Z',
    },
  ]);
  finish(job?.id ?? '');
  expect(store.workspace(id)).toMatchObject({ status: 'running', jobId: null, address: '10.0.0.1:8080' });
  expect(violations()).toEqual([]);
});

test('a port of a stopped workspace makes no job', () => {
  const fixture = openTestStore();
  expect(add(fixture, fixture.stopped('web'), 3000).job).toBeNull();
});

test('a port that comes while a job is at work is taken along: the job cannot settle without it', () => {
  const fixture = openTestStore();
  const { store, request, claim, violations } = fixture;
  const { workspace, job } = request('web');
  const { fence, portsVersion } = claim(job.id);
  expect(add(fixture, workspace.id, 3000).job).toBeNull();
  expect(store.settle(job.id, fence, { outcome: 'succeeded', portsVersion })).toEqual({
    settled: false,
    reason: 'stale_routes',
    next: [],
  });
  expect(store.job(job.id)?.status).toBe('running');
  const now = store.portsOf(job.id, fence);
  expect(now.ports.map(({ port }) => port)).toEqual([3000]);
  expect(store.settle(job.id, fence, { outcome: 'succeeded', portsVersion: now.portsVersion }).settled).toBe(true);
  expect(violations()).toEqual([]);
});

test('a routes job that is at work takes the next change along too', () => {
  const fixture = openTestStore();
  const { store, running, claim } = fixture;
  const id = running('web');
  const first = add(fixture, id, 3000).job?.id ?? '';
  const { fence, portsVersion } = claim(first);
  expect(store.removePort(id, 3000, asUser).job).toBeNull();
  expect(store.settle(first, fence, { outcome: 'succeeded', portsVersion }).settled).toBe(false);
});

test('a routes job that failed leaves the workspace running, and says so', () => {
  const fixture = openTestStore();
  const { store, running, finish, failure, violations } = fixture;
  const id = running('web');
  const job = add(fixture, id, 3000).job?.id ?? '';
  finish(job, failure(false));
  expect(store.workspace(id)).toMatchObject({ status: 'running', error: null, jobId: null });
  expect(store.job(job)?.status).toBe('failed');
  expect(store.activity({ workspaceId: id, limit: 1 }).items[0]).toMatchObject({
    type: 'job.finished',
    message: 'Could not change its ports: The machine ended with code 1.',
    detail: { error: { code: 'instance_failed' }, status: 'running' },
  });
  expect(violations()).toEqual([]);
});

test('the same port twice, the sixth, and one that is not there are refused, and nothing changes', () => {
  const fixture = openTestStore();
  const { store, stopped } = fixture;
  const id = stopped('web');
  for (const port of [3000, 3001, 3002, 3003, 3004]) add(fixture, id, port);
  const before = store.workspace(id);
  expect(codeOf(() => add(fixture, id, 3000))).toBe('port_taken');
  expect(codeOf(() => add(fixture, id, 3005))).toBe('too_many_ports');
  expect(codeOf(() => store.removePort(id, 9999, asUser))).toBe('port_not_found');
  expect(store.workspace(id)).toEqual(before);
  store.removePort(id, 3000, asUser);
  add(fixture, id, 3005);
  expect(store.ports(id).map(({ port }) => port)).toEqual([3001, 3002, 3003, 3004, 3005]);
});

test('ports of a workspace that is being deleted do not change, and go with it', () => {
  const fixture = openTestStore();
  const { store, stopped, finish } = fixture;
  const id = stopped('web');
  add(fixture, id, 3000);
  const { job } = store.act(id, 'delete', asUser);
  expect(codeOf(() => add(fixture, id, 3001))).toBe('wrong_status');
  expect(codeOf(() => store.removePort(id, 3000, asUser))).toBe('wrong_status');
  finish(job.id);
  expect(store.ports(id)).toEqual([]);
});
