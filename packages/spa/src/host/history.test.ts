import type { HostSample } from '@tidepool/core';
import { expect, test } from 'vitest';
import { cpuSummary, isKnown, type KnownMoment, memorySummary, momentsOf, momentWords } from './history.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const present: KnownMoment = { at: now, running: 2, allottedMiB: 8192, memoryMiB: 1024, cpus: 0.5 };
const sample = (minutesAgo: number, allottedMiB = 4096, memoryMiB: number | null = 512): HostSample => ({
  at: new Date(now - minutesAgo * 60_000).toISOString(),
  running: 1,
  allottedMiB,
  memoryMiB,
  cpus: null,
});

test('what is older than an hour or not yet so is left out, and the present is the last', () => {
  const moments = momentsOf([sample(70), sample(2), sample(1), sample(-3)], present);
  expect(moments.map(({ at }) => (now - at) / 60_000)).toEqual([2, 1, 0]);
});

test('minutes in which nobody measured are a gap', () => {
  const moments = momentsOf([sample(20), sample(1)], present);
  expect(moments.map(isKnown)).toEqual([true, false, true, true]);
  expect(moments[1]).toMatchObject({ allottedMiB: null, memoryMiB: null });
});

test('the summary says the range and what is so now', () => {
  const moments = momentsOf([sample(2, 2048), sample(1)], present);
  expect(memorySummary(moments, 30_720)).toBe(
    'Memory over the last hour. Taken by workspaces: between 2 GiB and 8 GiB of 30 GiB, 8 GiB now. Used: between 512 MiB and 1 GiB.',
  );
  expect(cpuSummary(moments, 8)).toContain('between 0.50 and 0.50 of 8 cores');
});

test('what nobody measured is said, and is no zero', () => {
  const moments = momentsOf([], { ...present, memoryMiB: null, cpus: null });
  expect(memorySummary(moments, 30_720)).toContain('not measured');
  expect(cpuSummary(moments, 8)).toContain('not measured');
  expect(momentWords({ ...present, memoryMiB: null, cpus: null })).toMatch(
    /: 8 GiB taken, use not measured, 2 workspaces running$/,
  );
});
