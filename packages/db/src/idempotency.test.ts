import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore } from '../test/open-test-store.ts';
import type { RequestContext } from './store.ts';

const input = { name: 'web', image: 'workspace@1', cpus: 2, memoryMiB: 1024, diskGiB: 20 };
const keyed = (key: string, bodyHash = 'a'): RequestContext => ({ actor: 'user', idempotency: { key, bodyHash } });
const hours = (n: number) => n * 60 * 60 * 1000;

test('the same request twice is one workspace, and answers with how it is now', () => {
  const { store, finish, violations } = openTestStore();
  const first = store.create(input, keyed('k'));
  finish(first.job.id);
  const again = store.create(input, keyed('k'));
  expect(again.workspace).toMatchObject({ id: first.workspace.id, status: 'running' });
  expect(again.job).toMatchObject({ id: first.job.id, status: 'succeeded' });
  expect(store.counts().total).toBe(1);
  expect(violations()).toEqual([]);
});

test('the key with another request is refused', () => {
  const { store } = openTestStore();
  store.create(input, keyed('k'));
  expect(codeOf(() => store.create({ ...input, name: 'other' }, keyed('k', 'b')))).toBe('idempotency_key_reused');
  expect(store.workspace('other')).toBeNull();
});

test('a replayed stop does not stop what was started since', () => {
  const { store, running, finish } = openTestStore();
  const id = running('web');
  const stop = store.act(id, 'stop', keyed('stop-1'));
  finish(stop.job.id);
  finish(store.act(id, 'start', asUser).job.id);
  const again = store.act(id, 'stop', keyed('stop-1'));
  expect(again.job.id).toBe(stop.job.id);
  expect(again.workspace.status).toBe('running');
  expect(store.workspace(id)).toMatchObject({ status: 'running', jobId: null });
});

test('a refusal is not kept: the same request may be accepted later', () => {
  const { store, running } = openTestStore({ budgetMiB: 2048 });
  const other = running('other', 2048);
  expect(codeOf(() => store.create(input, keyed('k')))).toBe('capacity_exhausted');
  store.act(other, 'delete', asUser);
  expect(store.create(input, keyed('k')).workspace.name).toBe('web');
});

test('after the delete a replay still gives what was answered', () => {
  const { store, finish } = openTestStore();
  const first = store.create(input, keyed('k'));
  finish(first.job.id);
  finish(store.act('web', 'delete', asUser).job.id);
  expect(store.create(input, keyed('k'))).toMatchObject({ workspace: first.workspace, job: { id: first.job.id } });
  expect(store.workspace('web')).toBeNull();
});

test('a port added twice under one key is one port and one job', () => {
  const { store, running } = openTestStore();
  const id = running('web');
  const port = { port: 3000, label: null, stripPrefix: true };
  const first = store.addPort(id, port, keyed('p'));
  expect(store.addPort(id, port, keyed('p')).job?.id).toBe(first.job?.id);
  expect(store.ports(id)).toHaveLength(1);
});

test('a key counts for 24 hours', () => {
  const { store, pass } = openTestStore();
  store.create(input, keyed('k'));
  pass(hours(24) - 1);
  expect(codeOf(() => store.create(input, keyed('k', 'b')))).toBe('idempotency_key_reused');
  pass(1);
  expect(store.create({ ...input, name: 'other' }, keyed('k', 'b')).workspace.name).toBe('other');
  store.prune(14);
  expect(codeOf(() => store.create(input, keyed('k', 'a')))).toBe('idempotency_key_reused');
});
