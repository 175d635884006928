import { memoryMiB } from '@tidepool/core';
import { expect, test } from 'vitest';
import { freeWords, memoryMessage } from './size.ts';

test.each([
  [1024, '1 GiB is free'],
  [1030, '1 GiB is free'],
  [1536, '1.5 GiB are free'],
  [0, 'no memory is free'],
  [4096, '4 GiB are free'],
])('of %i MiB one says «%s»', (mib, words) => {
  expect(freeWords(mib)).toBe(words);
});

test.each([
  [100, 'At least 0.5 GiB.'],
  [2_000_000, 'At most 1024 GiB.'],
  [Number.NaN, 'A number, such as 4 or 1.5.'],
])('%s MiB is refused in GiB', (mib, message) => {
  expect(memoryMessage(memoryMiB.safeParse(mib).error?.issues[0]?.message ?? '')).toBe(message);
});
