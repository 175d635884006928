import { expect, test } from 'vitest';
import { asUser, openTestStore } from '../test/open-test-store.ts';

const begun = Date.parse('2026-03-01T12:00:00.000Z');
const minute = 60_000;

/** A store whose clock moves a minute with each look, so that two changes are never at the same time. */
function openWithMinutes() {
  const opened = openTestStore();
  const { store, pass } = opened;
  /** Minutes after the first moment, and the status since then. */
  const since = (id: string) => {
    const { status, statusSince } = store.workspace(id) ?? { status: null, statusSince: '' };
    pass(minute);
    return [status, (Date.parse(statusSince) - begun) / minute];
  };
  return { ...opened, since };
}

test('a workspace is in its status since the change to it, step by step', () => {
  const { store, request, finish, failure, since, violations } = openWithMinutes();
  const { workspace, job } = request('web');
  expect(since(workspace.id)).toEqual(['creating', 0]);
  finish(job.id);
  expect(since(workspace.id)).toEqual(['running', 1]);
  const stop = store.act(workspace.id, 'stop', asUser);
  expect(since(workspace.id)).toEqual(['stopping', 2]);
  finish(stop.job.id);
  expect(since(workspace.id)).toEqual(['stopped', 3]);
  const start = store.act(workspace.id, 'start', asUser);
  expect(since(workspace.id)).toEqual(['starting', 4]);
  finish(start.job.id, failure(true));
  expect(since(workspace.id)).toEqual(['error', 5]);
  expect(violations()).toEqual([]);
});

test('another size, a port, a use and a machine that is gone do not move it', () => {
  const { store, stopped, pass, since } = openWithMinutes();
  const id = stopped('web');
  pass(minute);
  const resized = store.resize(id, { memoryMiB: 2048 }, asUser);
  expect(resized.updatedAt > resized.statusSince).toBe(true);
  expect(since(id)).toEqual(['stopped', 0]);
  store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
  expect(since(id)).toEqual(['stopped', 0]);
  store.accessed(id, new Date(begun + 10 * minute));
  const version = store.workspace(id)?.version ?? 0;
  expect(store.foundGone(id, version, true)).toBe(true);
  expect(since(id)).toEqual(['stopped', 0]);
});

test('what is found stopped is so since it was found', () => {
  const { store, running, pass, since } = openWithMinutes();
  const id = running('web');
  pass(5 * minute);
  const version = store.workspace(id)?.version ?? 0;
  expect(store.foundStopped(id, version, 'instance_stopped')).toBe(true);
  expect(since(id)).toEqual(['stopped', 5]);
});

test('a try that is put off stays in its status since it began', () => {
  const { store, request, finish, pass, since } = openWithMinutes();
  const { workspace, job } = request('web');
  pass(minute);
  finish(job.id, { outcome: 'retry', delayMs: 2_000, code: 'proxy_unavailable', message: 'Caddy does not answer.' });
  expect(store.job(job.id)?.failures).toBe(1);
  expect(since(workspace.id)).toEqual(['creating', 0]);
});
