import { expect, test } from 'vitest';
import { aJob } from '../../test/samples.ts';
import { stepRows } from '../workspaces/step-words.ts';
import { axisTicks, chartSpan, formatTick, stepBars } from './step-chart.ts';

const begin = Date.parse('2026-03-01T12:00:00.000Z');
const at = (ms: number) => new Date(begin + ms).toISOString();

test('bars lie where steps ran, and where the others are expected after them', () => {
  const job = aJob({
    plan: ['ensureInstance', 'ensureIde', 'ensureRoutes'],
    steps: [
      { name: 'ensureInstance', status: 'succeeded', startedAt: at(10), durationMs: 200 },
      { name: 'ensureIde', status: 'running', startedAt: at(210), durationMs: null },
    ],
  });
  const bars = stepBars(stepRows(job, begin + 300), { ensureInstance: 150, ensureIde: 600, ensureRoutes: 40 });
  expect(bars).toMatchObject([
    { fromMs: 10, tookMs: 200, expected: null },
    { fromMs: 210, tookMs: 90, usualMs: 600, expected: { fromMs: 210, forMs: 600 } },
    { fromMs: null, usualMs: 40, expected: { fromMs: 810, forMs: 40 } },
  ]);
  expect(chartSpan(bars, 700)).toBe(850);
  expect(chartSpan(bars, 1_400)).toBe(1_400);
});

test('a step that never ran here is expected nowhere', () => {
  expect(stepBars(stepRows(aJob(), begin), {}).every(({ expected }) => expected === null)).toBe(true);
});

test('after a failed try time counts from the new one', () => {
  const job = aJob({
    failures: 1,
    steps: [{ name: 'ensureInstance', status: 'running', startedAt: at(60_000), durationMs: null }],
  });
  expect(stepRows(job, begin + 60_500)[0]).toMatchObject({ fromMs: 0, tookMs: 500 });
});

test.each(['failed', 'cancelled'] as const)('of a job that %s nothing runs and nothing is to come', (status) => {
  const job = aJob({
    status,
    plan: ['ensureInstance', 'ensureIde', 'ensureRoutes'],
    steps: [
      { name: 'ensureInstance', status: 'succeeded', startedAt: at(0), durationMs: 200 },
      { name: 'ensureIde', status: 'running', startedAt: at(200), durationMs: null },
    ],
    finishedAt: at(900),
  });
  expect(stepRows(job, begin + 60_000)).toMatchObject([
    { state: 'done' },
    { state: 'cut', fromMs: 200, tookMs: 700 },
    { state: 'never', tookMs: null },
  ]);
});

test('the axis has few and round times', () => {
  expect(axisTicks(1_400)).toEqual([0, 500, 1_000]);
  expect(axisTicks(62_000)).toEqual([0, 20_000, 40_000, 60_000]);
  expect(axisTicks(40)).toEqual([0, 10, 20, 30, 40]);
  expect([0, 500, 20_000].map((ms) => formatTick(ms, 500))).toEqual(['0', '0.5', '20.0']);
  expect(formatTick(20, 10)).toBe('0.02');
});
