import { ApiError, TidepoolError, toProblem } from '@tidepool/core';
import { expect, test } from 'vitest';
import { repeatsWithItsKey } from './problem-of.ts';

test('a change is asked for again while Tidepool is being started anew, and given up after that', () => {
  const away = new ApiError(toProblem(new TidepoolError('not_ready')));
  expect([0, 1, 2, 3, 4].map((failures) => repeatsWithItsKey(failures, away))).toEqual([true, true, true, true, false]);
});

test('a refusal is not argued with', () => {
  expect(repeatsWithItsKey(0, new ApiError(toProblem(new TidepoolError('job_in_the_way'))))).toBe(false);
});
