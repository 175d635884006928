import { TidepoolError } from '@tidepool/core';
import { expect, test } from 'vitest';
import { hostRecord } from '../test/host-record.ts';
import { asUser, codeOf, openTestStore } from '../test/open-test-store.ts';

function refusal(run: () => unknown): TidepoolError {
  try {
    run();
  } catch (error) {
    if (error instanceof TidepoolError) return error;
  }
  throw new Error('it was not refused');
}

test('memory is held from the acceptance of a start to the end of a stop', () => {
  const { store, request, finish, violations } = openTestStore({ budgetMiB: 4096 });
  const used = () => store.capacity().usedMiB;
  const { workspace, job } = request('web', 3000);
  expect(store.capacity()).toEqual({ budgetMiB: 4096, usedMiB: 3000, freeMiB: 1096 });
  finish(job.id);
  expect(used()).toBe(3000);
  const stop = store.act(workspace.id, 'stop', asUser).job;
  expect(used()).toBe(3000);
  finish(stop.id);
  expect(used()).toBe(0);
  store.act(workspace.id, 'start', asUser);
  expect(used()).toBe(3000);
  expect(violations()).toEqual([]);
});

test.each([
  [true, 0],
  [false, 3000],
])('after a failure with the machine known to be stopped: %s, it holds %d MiB', (instanceStopped, used) => {
  const { store, request, finish, failure } = openTestStore({ budgetMiB: 4096 });
  finish(request('web', 3000).job.id, failure(instanceStopped));
  expect(store.capacity().usedMiB).toBe(used);
});

test('a failed workspace whose machine is found stopped gives its memory back and stays failed', () => {
  const { store, request, finish, failure, violations } = openTestStore({ budgetMiB: 4096 });
  const { workspace, job } = request('web', 3000);
  finish(job.id, failure(false));
  const version = store.workspace(workspace.id)?.version ?? 0;
  expect(store.foundStopped(workspace.id, version, 'instance_stopped')).toBe(true);
  expect(store.foundStopped(workspace.id, version, 'instance_stopped')).toBe(false);
  expect(store.capacity().usedMiB).toBe(0);
  expect(store.workspace(workspace.id)?.status).toBe('error');
  expect(violations()).toEqual([]);
});

test('a start that does not fit names the running workspace that was accessed least recently', () => {
  const { store, running, stopped, pass, request } = openTestStore({ budgetMiB: 4096 });
  const waits = stopped('waits', 2048);
  const seen = running('seen', 1024);
  pass(1_000);
  const unseen = running('unseen', 1024);
  running('late', 1024);
  pass(1_000);
  store.accessed(seen, new Date('2026-03-01T12:00:05.000Z'));
  const error = refusal(() => store.act(waits, 'start', asUser));
  expect(error.code).toBe('capacity_exhausted');
  expect(error.extra).toEqual({ stop: { id: unseen, name: 'unseen', lastAccessedAt: null } });
  expect(error.fix).toBe('Stop "unseen", then start this one.');
  expect(store.workspace(waits)?.status).toBe('stopped');
  expect(codeOf(() => request('other', 2048))).toBe('capacity_exhausted');
  expect(store.workspace('other')).toBeNull();
});

test('where nobody runs, there is nobody to stop', () => {
  const { request } = openTestStore({ budgetMiB: 4096 });
  request('first', 4096);
  const error = refusal(() => request('second', 1024));
  expect(error.extra).toEqual({ stop: null });
});

test('one larger than the whole budget can never start, and says so', () => {
  const { store, request, running } = openTestStore({ budgetMiB: 4096 });
  expect(codeOf(() => request('big', 4097))).toBe('exceeds_capacity');
  expect(codeOf(() => store.resize(running('web'), { memoryMiB: 4097 }, asUser))).toBe('exceeds_capacity');
});

test('a restart does not count beside itself', () => {
  const { store, running, finish } = openTestStore({ budgetMiB: 4096 });
  const id = running('web', 4096);
  finish(store.act(id, 'restart', asUser).job.id);
  expect(store.capacity().usedMiB).toBe(4096);
});

test('a new size counts, and is given, from the next accepted start', () => {
  const { store, running, claim, violations } = openTestStore({ budgetMiB: 4096 });
  const id = running('web', 1024);
  expect(store.resize(id, { memoryMiB: 3000, cpus: 8 }, asUser)).toMatchObject({ cpus: 8, memoryMiB: 3000 });
  expect(store.capacity().usedMiB).toBe(1024);
  const { job } = store.act(id, 'restart', asUser);
  expect(store.capacity().usedMiB).toBe(3000);
  store.resize(id, { memoryMiB: 4000 }, asUser);
  expect(claim(job.id).workspace).toMatchObject({ cpus: 8, memoryMiB: 3000 });
  expect(store.capacity().usedMiB).toBe(3000);
  expect(violations()).toEqual([]);
});

test('a size that is the same is no change', () => {
  const { store, running } = openTestStore();
  const id = running('web', 1024);
  const before = store.workspace(id);
  expect(store.resize(id, { memoryMiB: 1024 }, asUser)).toEqual(before);
});

test('stopping what is known to be stopped holds nothing, also when that fails', () => {
  const { store, request, running, finish, failure, violations } = openTestStore({ budgetMiB: 4096 });
  const { workspace, job } = request('web', 3000);
  finish(job.id, failure(true));
  running('other', 3000);
  const stop = store.act(workspace.id, 'stop', asUser).job;
  expect(store.capacity().usedMiB).toBe(3000);
  finish(stop.id, failure(false));
  expect(store.capacity().usedMiB).toBe(3000);
  expect(violations()).toEqual([]);
});

test('on a disk that is nearly full nothing is started; stop and delete go', () => {
  const { store, request, running, stopped, finish, setFreeDisk, violations } = openTestStore();
  const [asleep, awake] = [stopped('asleep'), running('awake')];
  // As it is now, whatever the worker saw.
  store.writeHost(hostRecord);
  setFreeDisk(511);
  for (const start of [
    () => request('new'),
    () => store.act(asleep, 'start', asUser),
    () => store.act(awake, 'restart', asUser),
  ]) {
    expect(refusal(start)).toMatchObject({ code: 'disk_full', message: expect.stringContaining('511 MiB') });
  }
  expect(store.workspace('new')).toBeNull();
  finish(store.act(awake, 'stop', asUser).job.id);
  finish(store.act(asleep, 'delete', asUser).job.id);
  setFreeDisk(512);
  expect(request('new').workspace.status).toBe('creating');
  expect(store.act(awake, 'start', asUser).workspace.status).toBe('starting');
  expect(violations()).toEqual([]);
});

test('a stop that failed is tried again on a full disk, a start that failed is not', () => {
  const { store, running, request, finish, failure, setFreeDisk } = openTestStore();
  const awake = running('awake');
  finish(store.act(awake, 'stop', asUser).job.id, failure(false));
  const { workspace, job } = request('new');
  finish(job.id, failure(true));
  store.writeHost(hostRecord);
  setFreeDisk(0);
  expect(codeOf(() => store.act(workspace.id, 'retry', asUser))).toBe('disk_full');
  expect(store.act(awake, 'retry', asUser).workspace.status).toBe('stopping');
});
