import { TidepoolError } from '@tidepool/core';
import type { Claim } from '@tidepool/db';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdJob } from './heartbeat.ts';
import { WorkerStopping } from './verdict.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = '2026-03-01T12:00:00.000Z';
const id = '01a1fcdf-44f7-7659-b53d-8c6b8fb73286';
const claim: Claim = {
  job: {
    id,
    workspaceId: id,
    workspaceName: 'web-app',
    kind: 'create',
    status: 'running',
    failures: 0,
    cancelRequested: false,
    steps: [],
    plan: [],
    error: null,
    createdAt: at,
    startedAt: at,
    finishedAt: null,
  },
  workspace: {
    id,
    name: 'web-app',
    status: 'creating',
    image: 'workspace@fake',
    cpus: 1,
    memoryMiB: 512,
    diskGiB: 20,
    inForce: null,
    source: null,
    usage: null,
    address: null,
    error: null,
    stopReason: null,
    jobId: id,
    ports: [],
    path: '/workspace/web-app/',
    version: 1,
    createdAt: at,
    updatedAt: at,
    statusSince: at,
    startedAt: null,
    lastAccessedAt: null,
  },
  fence: 7,
  portsVersion: 0,
};

function hold(heartbeat: () => { cancelRequested: boolean }) {
  const stopping = new AbortController();
  let [beats, hidings] = [0, 0];
  const held = holdJob({
    store: {
      heartbeat(jobId, fence) {
        expect([jobId, fence]).toEqual([id, 7]);
        beats += 1;
        return heartbeat();
      },
      guarded: (_jobId, _fence, inside) => inside(),
    },
    claim,
    everyMs: 5000,
    hideMessage: async () => {
      hidings += 1;
    },
    stopping: stopping.signal,
    log: pino({ level: 'silent' }),
  });
  return { held, stopping, beats: () => beats, hidings: () => hidings };
}

test('the lease is beaten and the message hidden for as long as the job is held, and no longer', () => {
  const { held, beats, hidings } = hold(() => ({ cancelRequested: false }));
  vi.advanceTimersByTime(20_000);
  expect(beats()).toBe(20);
  expect(hidings()).toBe(2);
  held.release();
  vi.advanceTimersByTime(60_000);
  expect([beats(), hidings()]).toEqual([20, 2]);
  expect(held.signal.aborted).toBe(false);
});

test('a cancel is seen within a second, and aborts', () => {
  const { held } = hold(() => ({ cancelRequested: true }));
  vi.advanceTimersByTime(1000);
  expect(held.signal.reason).toMatchObject({ code: 'cancelled' });
  expect(() => held.check()).toThrow(expect.objectContaining({ code: 'cancelled' }));
});

test('a lost fence aborts, and no beat follows', () => {
  const { held, beats } = hold(() => {
    throw new TidepoolError('fence_lost');
  });
  vi.advanceTimersByTime(10_000);
  expect(held.signal.reason).toMatchObject({ code: 'fence_lost' });
  expect(beats()).toBe(1);
});

test('a busy database costs a beat and nothing else', () => {
  const { held, beats } = hold(() => {
    throw new TidepoolError('busy', { passing: true });
  });
  vi.advanceTimersByTime(3000);
  expect(held.signal.aborted).toBe(false);
  expect(beats()).toBe(3);
});

test('the end of the worker aborts with its own reason', () => {
  const { held, stopping } = hold(() => ({ cancelRequested: false }));
  stopping.abort(new WorkerStopping());
  expect(held.signal.reason).toBeInstanceOf(WorkerStopping);
});
