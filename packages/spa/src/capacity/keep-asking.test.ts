import { ApiError, TidepoolError, toProblem } from '@tidepool/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepAsking } from './keep-asking.ts';

const away = () => new ApiError(toProblem(new TidepoolError('not_ready')));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what did not arrive is asked again until it does', async () => {
  let tries = 0;
  const answer = keepAsking(async () => {
    tries += 1;
    if (tries < 6) throw away();
    return tries;
  }, new AbortController().signal);
  await vi.runAllTimersAsync();
  expect(await answer).toBe(6);
});

test('a refusal is not asked again', async () => {
  const refusal = new ApiError(toProblem(new TidepoolError('wrong_status')));
  await expect(keepAsking(() => Promise.reject(refusal), new AbortController().signal)).rejects.toBe(refusal);
});

test('it ends when it is told to', async () => {
  const ending = new AbortController();
  const answer = keepAsking(() => Promise.reject(away()), ending.signal);
  const refused = expect(answer).rejects.toThrow('enough');
  await vi.advanceTimersByTimeAsync(100);
  ending.abort(new Error('enough'));
  await refused;
  expect(vi.getTimerCount()).toBe(0);
});
