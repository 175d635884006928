import { expect, test } from 'vitest';
import { createProgressMeter } from './build-progress.ts';

const stage = (name: string, seconds: number) => ({ name, title: name, seconds, run: async () => {} });
const quick = stage('quick', 10);
const slow = stage('slow', 90);

test('before anything is known a build takes what it takes normally', () => {
  expect(createProgressMeter([quick, slow]).read(0)).toMatchObject({ percent: 0, remainingMs: 100_000 });
});

test('the time left falls as a stage goes on', () => {
  const meter = createProgressMeter([quick, slow]);
  meter.begin(quick, 0);
  expect(meter.read(5_000)).toMatchObject({ stage: 'quick', percent: 5, remainingMs: 95_000 });
});

test('a machine that was slow is expected to stay so, by as much as is known of it', () => {
  const meter = createProgressMeter([quick, slow]);
  meter.begin(quick, 0);
  meter.end(quick, 60_000, true);
  meter.begin(slow, 60_000);
  expect(meter.read(60_000)).toMatchObject({ percent: 10, remainingMs: 135_000 });
});

test('a stage that was done before counts as done, and says nothing of the machine', () => {
  const meter = createProgressMeter([quick, slow]);
  meter.begin(quick, 0);
  meter.end(quick, 5, false);
  meter.begin(slow, 5);
  expect(meter.read(5)).toMatchObject({ percent: 10, remainingMs: 90_000 });
});

test('a stage that takes far longer than normal never seems done, and the share never falls', () => {
  const meter = createProgressMeter([quick, slow]);
  meter.begin(slow, 0);
  meter.detail('native', 0);
  const read = [80_000, 500_000, 501_000].map((now) => meter.read(now));
  expect(read.at(-1)).toMatchObject({ detail: 'native', remainingMs: 14_500, percent: 85 });
  expect(read.map(({ percent }) => percent)).toEqual([80, 85, 85]);
});

test('all done is a hundred', () => {
  const meter = createProgressMeter([quick]);
  meter.begin(quick, 0);
  meter.end(quick, 10_000, true);
  expect(meter.read(10_000)).toMatchObject({ percent: 100, remainingMs: 0 });
});

test('a milestone corrects the guess, in the stage that is at work', () => {
  const parts = { ...slow, milestones: { first: 0.1, second: 0.5 } };
  const meter = createProgressMeter([parts, quick]);
  meter.begin(parts, 0);
  meter.detail('first', 20_000);
  expect(meter.read(20_000)).toMatchObject({ percent: 9, remainingMs: 101_010 });
  expect(meter.read(500_000).percent).toBe(43);
  meter.detail('other', 500_000);
  expect(meter.read(500_000)).toMatchObject({ detail: 'other', percent: 43 });
  meter.detail('second', 500_000);
  expect(meter.read(500_000).percent).toBe(45);
});
