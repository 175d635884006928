/** The size of the present run, beside the size that was asked for since. */
import { expect, test } from 'vitest';
import { asUser, openTestStore } from '../test/open-test-store.ts';

const first = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
const larger = { cpus: 4, memoryMiB: 2048, diskGiB: 30 };

function opened() {
  const fixture = openTestStore();
  const { store } = fixture;
  const shown = () => {
    const { cpus, memoryMiB, diskGiB, inForce } = store.workspace('web') ?? {};
    return { asked: { cpus, memoryMiB, diskGiB }, inForce };
  };
  return { ...fixture, shown, held: () => store.capacity().usedMiB };
}

test('a new workspace has its size from its acceptance on, and its worker is handed the same', () => {
  const { request, claim, finish, shown } = opened();
  const { workspace, job } = request('web');
  expect(workspace.inForce).toEqual(first);
  expect(claim(job.id).workspace).toMatchObject({ ...first, inForce: first });
  finish(request('other').job.id);
  expect(shown()).toEqual({ asked: first, inForce: first });
});

test('a resize of what runs, or is being made, leaves the run as it is', () => {
  const { store, request, finish, shown, held } = opened();
  const { job } = request('web');
  store.resize('web', larger, asUser);
  expect(shown()).toEqual({ asked: larger, inForce: first });
  finish(job.id);
  expect(shown()).toEqual({ asked: larger, inForce: first });
  expect(held()).toBe(first.memoryMiB);
});

test('a restart takes the size that was asked for; one that is asked for meanwhile waits for the next', () => {
  const { store, running, claim, shown, held } = opened();
  running('web');
  store.resize('web', larger, asUser);
  const { workspace, job } = store.act('web', 'restart', asUser);
  expect(workspace.inForce).toEqual(larger);
  const still = { ...larger, cpus: 8 };
  store.resize('web', still, asUser);
  expect(claim(job.id).workspace).toMatchObject(larger);
  expect(shown()).toEqual({ asked: still, inForce: larger });
  expect(held()).toBe(larger.memoryMiB);
});

test('while it stops the run still has its size, and stopped it has none', () => {
  const { store, running, finish, shown, held } = opened();
  running('web');
  store.resize('web', larger, asUser);
  const { workspace, job } = store.act('web', 'stop', asUser);
  expect(workspace.inForce).toEqual(first);
  finish(job.id);
  expect(shown()).toEqual({ asked: larger, inForce: null });
  expect(held()).toBe(0);
  expect(store.act('web', 'start', asUser).workspace.inForce).toEqual(larger);
});

test('found stopped, it has none', () => {
  const { store, running, shown } = opened();
  const id = running('web');
  store.foundStopped(id, store.workspace(id)?.version ?? 0, 'instance_stopped');
  expect(shown().inForce).toBeNull();
});

test('failed, it has one for as long as its machine may run: what is shown is what is counted', () => {
  const { store, running, request, finish, failure, shown, held } = opened();
  const id = running('web');
  store.resize('web', larger, asUser);
  finish(store.act('web', 'stop', asUser).job.id, failure(false));
  expect(shown()).toEqual({ asked: larger, inForce: first });
  expect(held()).toBe(first.memoryMiB);
  store.foundStopped(id, store.workspace(id)?.version ?? 0, 'instance_stopped');
  expect(shown().inForce).toBeNull();
  expect(held()).toBe(0);
  finish(store.act('web', 'retry', asUser).job.id);
  finish(request('other').job.id, failure(true));
  expect(store.workspace('other')).toMatchObject({ status: 'error', inForce: null });
});

test('one that is being deleted has none, and gives its memory back at once', () => {
  const { store, running, held } = opened();
  running('web');
  expect(store.act('web', 'delete', asUser).workspace.inForce).toBeNull();
  expect(held()).toBe(0);
});
