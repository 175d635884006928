import { expect, test } from 'vitest';
import { createBell } from './bell.ts';

const never = new AbortController().signal;

test('a ring wakes all who wait', async () => {
  const bell = createBell();
  const heard = [bell.heard(0, 60_000, never), bell.heard(0, 60_000, never)];
  bell.ring();
  await Promise.all(heard);
  expect(bell.rings).toBe(1);
});

test('a ring between the look and the wait is not missed', async () => {
  const bell = createBell();
  const seen = bell.rings;
  bell.ring();
  await bell.heard(seen, 60_000, never);
  expect(bell.rings).toBe(1);
});

test('an aborted wait ends, before or after it began', async () => {
  const bell = createBell();
  await bell.heard(0, 60_000, AbortSignal.abort());
  const stop = new AbortController();
  const heard = bell.heard(0, 60_000, stop.signal);
  stop.abort();
  await heard;
  expect(bell.rings).toBe(0);
});
