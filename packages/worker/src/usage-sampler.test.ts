import { TidepoolError } from '@tidepool/core';
import type { Store } from '@tidepool/db';
import type { InstanceUsage } from '@tidepool/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUsageSampler, type Taken } from './usage-sampler.ts';

type Row = Parameters<Store['measured']>[0][number];

let nowMs: number;
let isNeeded: boolean;
let answer: () => Promise<readonly InstanceUsage[]>;
let asked: number;
let written: (readonly Row[])[];
let writtenAt: Date[];
let sample: () => Promise<void>;
let taken: () => Taken | null;
let listening: ReadonlyMap<string, readonly number[]>;

beforeEach(() => {
  [nowMs, isNeeded, asked, written, writtenAt, listening] = [0, true, 0, [], [], new Map()];
  const sampler = createUsageSampler({
    store: {
      measured: (rows, at) => {
        written.push(rows);
        writtenAt.push(at);
      },
    },
    runtime: {
      usage: async () => {
        asked += 1;
        return answer();
      },
    },
    ports: async () => listening,
    isNeeded: () => isNeeded,
    monotonicMs: () => nowMs,
  });
  sample = () => sampler.look(new AbortController().signal);
  taken = sampler.taken;
});

afterEach(() => vi.useRealTimers());

const takes = (cpuSeconds: number) => {
  answer = async () => [{ id: 'web', cpuSeconds, memoryMiB: 300, diskMiB: null, listening: null }];
};

test('cores are what was worked since the look before; the first one knows of none', async () => {
  for (const [atMs, cpuSeconds] of [
    [0, 10],
    [5_000, 20],
    [15_000, 20.5],
  ] as const) {
    nowMs = atMs;
    takes(cpuSeconds);
    await sample();
  }
  expect(written.map(([row]) => row?.cpus)).toEqual([null, 2, 0.05]);
  expect(written[0]).toEqual([{ workspaceId: 'web', cpus: null, memoryMiB: 300, diskMiB: null, listening: null }]);
});

test('it counts from when the look began: whoever registers a port meanwhile is told nothing of it yet', async () => {
  const begun = new Date('2026-03-01T12:00:00.000Z');
  vi.useFakeTimers({ now: begun, toFake: ['Date'] });
  answer = async () => {
    vi.setSystemTime(begun.getTime() + 3_000);
    return [{ id: 'web', cpuSeconds: 1, memoryMiB: 300, diskMiB: null, listening: null }];
  };
  await sample();
  expect(writtenAt).toEqual([begun]);
});

test('a count that begins anew is another run', async () => {
  takes(100);
  await sample();
  nowMs = 5_000;
  takes(1);
  await sample();
  expect(written.at(-1)?.[0]?.cpus).toBeNull();
});

test('while it is not needed the runtime is not asked, and what was shown is cleared once', async () => {
  takes(1);
  await sample();
  isNeeded = false;
  for (const _ of [1, 2, 3]) await sample();
  expect(asked).toBe(1);
  expect(written).toHaveLength(2);
  expect(written.at(-1)).toEqual([]);
});

test('what an earlier worker left is cleared at the first look', async () => {
  isNeeded = false;
  for (const _ of [1, 2]) await sample();
  expect(written).toEqual([[]]);
});

test('a runtime that does not answer leaves what was measured', async () => {
  takes(1);
  await sample();
  answer = () => Promise.reject(new TidepoolError('runtime_unavailable', { passing: true }));
  await expect(sample()).rejects.toMatchObject({ code: 'runtime_unavailable' });
  expect(written).toHaveLength(1);
});

test('where something listens goes with what is taken', async () => {
  takes(1);
  listening = new Map([['web', [3000]]]);
  await sample();
  expect(written[0]?.[0]?.listening).toEqual([3000]);
});

test('what all take together is the mean of the looks since it was asked for last, and known of each look once', async () => {
  expect(taken()).toBeNull();
  const both = (first: number, second: number) => {
    answer = async () =>
      [first, second].map((cpuSeconds, index) => ({
        id: `${index}`,
        cpuSeconds,
        memoryMiB: 300,
        diskMiB: null,
        listening: null,
      }));
  };
  for (const [atMs, first, second] of [
    [0, 0, 10],
    [1_000, 1, 11],
    [2_000, 1, 12],
  ] as const) {
    nowMs = atMs;
    both(first, second);
    await sample();
  }
  expect(taken()).toEqual({ memoryMiB: 600, cpus: 1.5 });
  expect(taken()).toBeNull();
});

test('a first look knows of memory only', async () => {
  takes(1);
  await sample();
  expect(taken()).toEqual({ memoryMiB: 300, cpus: null });
});
