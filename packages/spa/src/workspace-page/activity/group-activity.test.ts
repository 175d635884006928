import type { Activity, Actor } from '@tidepool/core';
import { expect, test } from 'vitest';
import { groupActivity } from './group-activity.ts';

const job = { id: '01900000-0000-7000-8000-00000000000a', kind: 'start', status: 'running' } as const;
const ports = { id: '01900000-0000-7000-8000-00000000000b', kind: 'routes', status: 'queued' } as const;

function row(id: number, type: Activity['type'], detail: Activity['detail'] = {}, actor: Actor = 'system'): Activity {
  return {
    id,
    at: new Date(Date.UTC(2026, 2, 1, 12, 0, id)).toISOString(),
    type,
    actor,
    workspaceId: null,
    workspaceName: null,
    message: `row ${id}`,
    detail,
  };
}

const step = (id: number, status: 'running' | 'succeeded' | 'failed') =>
  row(id, status === 'running' ? 'step.started' : 'step.finished', {
    job,
    step: { name: 'ensureIde', status, durationMs: status === 'running' ? null : 800 },
  });
const requested = row(1, 'workspace.requested', { job }, 'user');
const error = { code: 'ide_not_ready', message: 'The editor did not answer.' };

test('a job is one entry, told by how it ended and by who asked, its steps with their times', () => {
  const settled = row(4, 'workspace.settled', { job, durationMs: 1_200 });
  const [latest, started] = groupActivity([
    row(9, 'workspace.changed'),
    settled,
    step(3, 'succeeded'),
    step(2, 'running'),
    requested,
  ]);
  expect(latest).toMatchObject({ head: { id: 9 }, state: 'done', steps: [] });
  expect(started).toMatchObject({ head: { id: 4, detail: { durationMs: 1_200 } }, actor: 'user', state: 'done' });
  expect(started?.steps).toMatchObject([{ name: 'ensureIde', state: 'done', durationMs: 800 }]);
  expect(started?.steps[0]?.startedAt).toBe(Date.UTC(2026, 2, 1, 12, 0, 2));
});

test('a job under way is told by what was asked for', () => {
  const [entry] = groupActivity([step(2, 'running'), requested]);
  expect(entry).toMatchObject({ head: { id: 1 }, state: 'open', steps: [{ state: 'now', durationMs: null }] });
});

test('a step that was tried again is there twice, with why', () => {
  const retrying = row(4, 'job.retrying', { job, error });
  const settled = row(7, 'workspace.settled', { job, error });
  const rows = [
    settled,
    step(6, 'failed'),
    step(5, 'running'),
    retrying,
    step(3, 'failed'),
    step(2, 'running'),
    requested,
  ];
  const [entry] = groupActivity(rows);
  expect(entry?.steps.map(({ id }) => id)).toEqual([3, 6]);
  expect(entry?.retries.map(({ id }) => id)).toEqual([4]);
  expect(entry?.state).toBe('failed');
});

const otherStep = (id: number) =>
  row(id, 'step.started', { job, step: { name: 'ensureInstance', status: 'running', durationMs: null } });

test('a step that never ended was cut off by the one that began next, and takes no time after that', () => {
  const rows = [step(9, 'succeeded'), step(8, 'running'), otherStep(6), step(2, 'running'), requested];
  const [entry] = groupActivity(rows);
  expect(entry?.steps).toMatchObject([
    { id: 2, state: 'cut', durationMs: 4_000 },
    { id: 6, state: 'cut', durationMs: 2_000 },
    { id: 9, state: 'done', durationMs: 800 },
  ]);
});

test('nothing runs any more in a job that has ended', () => {
  const cancelled = { ...job, status: 'cancelled' } as const;
  const [entry] = groupActivity([row(7, 'job.finished', { job: cancelled }), step(2, 'running'), requested]);
  expect(entry).toMatchObject({ state: 'done', steps: [{ state: 'cut', durationMs: 5_000 }] });
});

test('a change of ports and the job that carries it out are one', () => {
  const added = row(1, 'port.added', { port: 3000 }, 'guest');
  const accepted = row(2, 'job.accepted', { job: ports }, 'guest');
  const done = row(5, 'job.finished', { job: ports, durationMs: 30 });
  const entries = groupActivity([done, accepted, added]);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    head: { id: 1, detail: { port: 3000, durationMs: 30 } },
    actor: 'guest',
    state: 'done',
  });

  const failed = row(5, 'job.finished', { job: ports, error });
  expect(groupActivity([failed, accepted, added])[0]).toMatchObject({ head: { id: 5 }, state: 'failed' });
});

test('a change of ports without a job is an entry of its own', () => {
  const removed = row(8, 'port.removed', { port: 3000 }, 'user');
  expect(groupActivity([removed, row(7, 'port.added', { port: 9229 })])).toMatchObject([
    { head: { id: 8 }, state: 'done' },
    { head: { id: 7 }, state: 'done' },
  ]);
});
