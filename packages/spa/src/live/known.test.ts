import type { Job, Workspace } from '@tidepool/core';
import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { createKnown } from './known.ts';

const notes = aWorkspace();

function statusOf(known: ReturnType<typeof createKnown>, { id }: Pick<Workspace, 'id'>) {
  return known.getState().workspaces.get(id)?.status;
}

test('an answer older than what is known is dropped', () => {
  const known = createKnown();
  known.put({ ...notes, version: 3, status: 'running' });
  known.put({ ...notes, version: 2, status: 'starting' });
  expect(statusOf(known, notes)).toBe('running');
});

test('the same version is taken: the last use is no change of the version', () => {
  const known = createKnown();
  known.put({ ...notes, version: 3 });
  known.put({ ...notes, version: 3, lastAccessedAt: '2026-03-01T12:00:00.000Z' });
  expect(known.getState().workspaces.get(notes.id)?.lastAccessedAt).toBe('2026-03-01T12:00:00.000Z');
});

test('no late answer brings a deleted workspace back', () => {
  const known = createKnown();
  known.put(notes);
  known.remove(notes.id);
  known.put({ ...notes, version: 99 });
  expect(statusOf(known, notes)).toBeUndefined();
});

test('after everything was read again, what nobody told of is forgotten, but not what came meanwhile', () => {
  const known = createKnown();
  const kept = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'kept', version: 3 });
  const made = aWorkspace({ id: '01900000-0000-7000-8000-000000000003', name: 'made' });
  known.put(notes, kept);
  const reading = known.beginReading();
  known.put(made, { ...kept, version: 2 });
  reading.end(true);
  expect([...known.getState().workspaces.values()].map(({ name }) => name)).toEqual(['kept', 'made']);
  // It may have been told of by nobody because nobody asked: it is no proof that it is deleted.
  known.put(notes);
  expect(statusOf(known, notes)).toBe('stopped');
});

test('a reading that was not whole forgets nothing', () => {
  const known = createKnown();
  known.put(notes);
  known.beginReading().end(false);
  expect(statusOf(known, notes)).toBe('stopped');
});

test('what is measured belongs to those that run, and outlives no stop', () => {
  const known = createKnown();
  const usage = { cpus: 0.5, memoryMiB: 300, diskMiB: null, at: '2026-03-01T12:00:00.000Z' };
  const usageNow = () => known.getState().workspaces.get(notes.id)?.usage;
  known.measure([{ id: notes.id, usage, listening: null, lastAccessedAt: null }]);
  expect(known.getState().workspaces.size).toBe(0);
  known.put({ ...notes, version: 2, status: 'running' });
  known.measure([{ id: notes.id, usage, listening: null, lastAccessedAt: null }]);
  expect(usageNow()).toEqual(usage);
  known.put({ ...notes, version: 3, status: 'stopped', usage: null });
  known.measure([{ id: notes.id, usage, listening: null, lastAccessedAt: null }]);
  expect(usageNow()).toBeNull();
});

test('an answer that was on its way keeps what was measured meanwhile', () => {
  const known = createKnown();
  const running = { ...notes, version: 2, status: 'running' } as const;
  const usage = { cpus: 0.5, memoryMiB: 300, diskMiB: null, at: '2026-03-01T12:00:00.000Z' };
  const usageNow = () => known.getState().workspaces.get(notes.id)?.usage;
  known.put(running);
  known.measure([{ id: notes.id, usage, listening: null, lastAccessedAt: usage.at }]);
  known.put(running);
  expect(usageNow()).toEqual(usage);
  const later = { ...usage, at: '2026-03-01T12:00:05.000Z' };
  known.put({ ...running, usage: later });
  expect(usageNow()).toEqual(later);
  known.put({ ...running, version: 3 });
  expect(usageNow()).toBeNull();
});

test('listeners hear of changes and of nothing else', () => {
  const known = createKnown();
  known.put({ ...notes, version: 2 });
  let heard = 0;
  known.subscribe(() => {
    heard += 1;
  });
  known.put({ ...notes, version: 1 });
  expect(heard).toBe(0);
  known.put({ ...notes, version: 3 });
  expect(heard).toBe(1);
});

const step = { name: 'ensureInstance', startedAt: '2026-03-01T12:00:00.000Z', durationMs: null } as const;
const running: Job = aJob({ status: 'running', startedAt: step.startedAt, steps: [{ ...step, status: 'running' }] });

test.each<[string, Job, Job]>([
  ['an end', aJob({ status: 'succeeded' }), running],
  ['a finished step', { ...running, steps: [{ ...step, status: 'succeeded', durationMs: 5 }] }, running],
  ['a next try', aJob({ status: 'queued', failures: 1 }), running],
  ['a start', running, aJob({ status: 'queued' })],
])('%s of a job is not undone by what is older', (_, later, earlier) => {
  const known = createKnown();
  known.putJob(later);
  known.putJob(earlier);
  expect(known.getState().jobs.get(later.id)).toEqual(later);
  known.putJob(later);
  expect(known.getState().jobs.get(later.id)).toEqual(later);
});

test('of many jobs the latest are kept, and all that are under way', () => {
  const known = createKnown();
  const idOf = (number: number) => `01900000-0000-7000-8001-${String(number).padStart(12, '0')}`;
  known.putJob(aJob({ id: idOf(0), status: 'running' }));
  for (let number = 1; number <= 1_200; number += 1) known.putJob(aJob({ id: idOf(number), status: 'succeeded' }));
  const { jobs } = known.getState();
  expect(jobs.size).toBe(1_000);
  expect([0, 1, 201, 202, 1_200].map((number) => jobs.has(idOf(number)))).toEqual([true, false, false, true, true]);
});

test('while everything is read anew, one is known again when it was told of', () => {
  const known = createKnown();
  expect(known.knows(notes.id)).toBe(false);
  known.put(notes);
  expect(known.knows(notes.id)).toBe(true);
  const reading = known.beginReading();
  expect(known.knows(notes.id)).toBe(false);
  known.put(notes);
  expect(known.knows(notes.id)).toBe(true);
  reading.end(true);
  expect(known.knows(notes.id)).toBe(true);
});

test('of two readings the one that began last says what is left, whichever ends first', () => {
  const known = createKnown();
  known.put(notes);
  const first = known.beginReading();
  const second = known.beginReading();
  first.end(true);
  expect(statusOf(known, notes)).toBe('stopped');
  known.put(notes);
  second.end(true);
  expect(statusOf(known, notes)).toBe('stopped');
});

test('what is read anew is taken with an older version, and back from the dead, but not after an event', () => {
  const known = createKnown();
  const other = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'other', version: 7 });
  known.put({ ...notes, version: 9, status: 'running' }, other);
  known.remove(other.id);
  const reading = known.beginReading();
  known.put({ ...notes, version: 2 }, { ...other, version: 1 });
  expect([statusOf(known, notes), statusOf(known, other)]).toEqual(['stopped', 'stopped']);
  expect(known.getState().gone.size).toBe(0);
  known.put({ ...notes, version: 1, status: 'starting' });
  known.remove(other.id);
  known.put(other);
  expect([statusOf(known, notes), statusOf(known, other)]).toEqual(['stopped', undefined]);
  reading.end(true);
});
