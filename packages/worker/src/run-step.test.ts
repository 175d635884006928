import { TidepoolError } from '@tidepool/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withDeadline } from './run-step.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
/** A call that obeys its signal, and disguises the reason as libraries do. */
const obedient = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('AbortError'))));

test('what ends in time ends as it does', async () => {
  await withDeadline('ensureIde', 1000, never, async () => undefined);
  await expect(withDeadline('ensureIde', 1000, never, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
});

test('what takes too long is aborted, and says which step and how long, as a passing failure', async () => {
  const done = expect(withDeadline('ensureIde', 1000, never, obedient)).rejects.toMatchObject({
    code: 'deadline_exceeded',
    passing: true,
    message: 'ensureIde took longer than 1 s.',
  });
  await vi.advanceTimersByTimeAsync(1000);
  await done;
});

test('what is aborted from outside ends with that reason, whatever it throws', async () => {
  const outer = new AbortController();
  const done = withDeadline('ensureIde', 1000, outer.signal, obedient);
  outer.abort(new TidepoolError('cancelled'));
  await expect(done).rejects.toMatchObject({ code: 'cancelled' });
});

test('a call that ignores its signal is left behind after a grace of five seconds', async () => {
  let over = false;
  const done = withDeadline('stopInstance', 1000, never, () => new Promise(() => undefined)).catch((error) => {
    over = true;
    expect(error).toMatchObject({ code: 'deadline_exceeded' });
  });
  await vi.advanceTimersByTimeAsync(5900);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  await done;
  expect(over).toBe(true);
});

test('no timer is left when it is over', async () => {
  await withDeadline('ensureIde', 1000, never, async () => undefined);
  expect(vi.getTimerCount()).toBe(0);
});
