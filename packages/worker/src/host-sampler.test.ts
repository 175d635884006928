import type { Store } from '@tidepool/db';
import { beforeEach, expect, test } from 'vitest';
import { createHostSampler } from './host-sampler.ts';
import type { Taken } from './usage-sampler.ts';

let nowMs: number;
let running: number;
let measured: Taken | null;
let written: Parameters<Store['sampled']>[0][];
let look: () => void;

beforeEach(() => {
  [nowMs, running, measured, written] = [Date.parse('2026-03-01T12:00:10.000Z'), 1, { memoryMiB: 300, cpus: 0.5 }, []];
  look = createHostSampler({
    store: {
      counts: () => ({ total: 2, running, openJobs: 0 }),
      capacity: () => ({ budgetMiB: 8192, usedMiB: 1024, freeMiB: 7168 }),
      sampled: (sample) => void written.push(sample),
    },
    taken: () => measured,
    now: () => new Date(nowMs),
  });
});

const after = (seconds: number) => {
  nowMs += seconds * 1000;
  look();
};
const minutes = () => written.map(({ at }) => at.slice(11, 16));

test('each minute is written once, by its first look', () => {
  look();
  expect(written).toEqual([
    { at: '2026-03-01T12:00:00.000Z', running: 1, allottedMiB: 1024, memoryMiB: 300, cpus: 0.5 },
  ]);
  for (let seconds = 0; seconds < 120; seconds += 5) after(5);
  expect(minutes()).toEqual(['12:00', '12:01', '12:02']);
});

test('while none runs nothing is taken', () => {
  [running, measured] = [0, null];
  look();
  expect(written[0]).toMatchObject({ running: 0, memoryMiB: 0, cpus: 0 });
});

test('a minute waits for its first measurement, but not for ever', () => {
  measured = null;
  look();
  measured = { memoryMiB: 200, cpus: null };
  after(5);
  expect(written).toMatchObject([{ memoryMiB: 200, cpus: null }]);
  measured = null;
  after(50);
  expect(minutes()).toEqual(['12:00']);
  after(30);
  expect(written[1]).toMatchObject({ at: '2026-03-01T12:01:00.000Z', memoryMiB: null, cpus: null });
});

test('time that nobody was there is a gap, and a clock that was set back is written on from there', () => {
  look();
  after(300);
  after(-600);
  expect(minutes()).toEqual(['12:00', '12:05', '11:55']);
});

test('a sample that could not be written is tried again in the same minute', () => {
  let fails = true;
  look = createHostSampler({
    store: {
      counts: () => ({ total: 0, running: 0, openJobs: 0 }),
      capacity: () => ({ budgetMiB: 1, usedMiB: 0, freeMiB: 1 }),
      sampled: (sample) => {
        if (fails) throw new Error('busy');
        written.push(sample);
      },
    },
    taken: () => null,
    now: () => new Date(nowMs),
  });
  expect(look).toThrow('busy');
  fails = false;
  after(5);
  expect(minutes()).toEqual(['12:00']);
});
