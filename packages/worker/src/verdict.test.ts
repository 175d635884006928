import { TidepoolError } from '@tidepool/core';
import { expect, test } from 'vitest';
import { verdictOn, WorkerStopping } from './verdict.ts';

const passing = new TidepoolError('runtime_unavailable', { detail: 'no answer', passing: true });

test('a passing failure is tried again after 1 s, then after 4 s, and the third is final', () => {
  const kept = { code: 'runtime_unavailable', message: 'no answer' };
  expect(verdictOn(passing, 0)).toEqual({ outcome: 'retry', delayMs: 1000, ...kept });
  expect(verdictOn(passing, 1)).toEqual({ outcome: 'retry', delayMs: 4000, ...kept });
  expect(verdictOn(passing, 2)).toEqual({ outcome: 'failed', ...kept });
});

test('a permanent failure is final at once', () => {
  expect(verdictOn(new TidepoolError('image_missing'), 0)).toMatchObject({ outcome: 'failed', code: 'image_missing' });
});

test('an unknown exception is tried once more, then final as internal', () => {
  expect(verdictOn(new RangeError('odd'), 0)).toMatchObject({ outcome: 'retry', code: 'internal', message: 'odd' });
  expect(verdictOn(new RangeError('odd'), 1)).toMatchObject({ outcome: 'failed', code: 'internal' });
  expect(verdictOn('odd', 1)).toMatchObject({ outcome: 'failed', message: 'odd' });
});

test.each([
  [new TidepoolError('fence_lost'), 'abandoned'],
  [new TidepoolError('cancelled'), 'cancelled'],
  [new WorkerStopping(), 'released'],
])('%s is no failure, however often the job failed before', (error, outcome) => {
  expect(verdictOn(error, 2)).toEqual({ outcome });
});
