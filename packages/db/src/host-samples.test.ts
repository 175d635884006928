import { hostSample } from '@tidepool/core';
import { expect, test } from 'vitest';
import { openTestStore } from '../test/open-test-store.ts';

const start = Date.parse('2026-03-01T12:00:00.000Z');
const minute = 60_000;
const sampleAt = (ms: number, running = 1) => ({
  at: new Date(ms).toISOString(),
  running,
  allottedMiB: 1024,
  memoryMiB: 300,
  cpus: null,
});

test('samples of the last hour come oldest first, and older ones are removed', () => {
  const { store, pass } = openTestStore();
  for (let passed = 0; passed <= 90; passed++) {
    store.sampled(sampleAt(start + passed * minute));
    pass(minute);
  }
  const samples = store.hostSamples();
  expect(samples.map(({ at }) => at)).toEqual(samples.map(({ at }) => at).toSorted());
  expect(samples).toHaveLength(60);
  expect(samples.at(-1)?.at).toBe('2026-03-01T13:30:00.000Z');
  for (const each of samples) expect(hostSample.parse(each)).toEqual(each);
});

test('a worker that starts again in the same minute leaves its sample as it is', () => {
  const { store } = openTestStore();
  store.sampled(sampleAt(start, 1));
  store.sampled(sampleAt(start, 2));
  expect(store.hostSamples()).toMatchObject([{ running: 1 }]);
});

test('with nobody to sample, the hour runs out of samples', () => {
  const { store, pass } = openTestStore();
  store.sampled(sampleAt(start));
  pass(61 * minute);
  expect(store.hostSamples()).toEqual([]);
});

test('a clock that was set back shows nothing of what is to come, and its samples are written', () => {
  const { store, setWallClock } = openTestStore();
  store.sampled(sampleAt(start));
  setWallClock(start - 30 * minute);
  expect(store.hostSamples()).toEqual([]);
  store.sampled(sampleAt(start - 30 * minute, 7));
  setWallClock(start);
  expect(store.hostSamples()).toMatchObject([{ running: 7 }]);
});
