import { memoryMiB } from '@tidepool/core';
import { expect, test } from 'vitest';
import { isOrAre, memoryMessage } from './size.ts';

test.each([
  [1024, 'is'],
  [1030, 'is'],
  [1536, 'are'],
  [0, 'are'],
  [4096, 'are'],
])('of %i MiB one says «%s»', (mib, word) => {
  expect(isOrAre(mib)).toBe(word);
});

test.each([
  [100, 'At least 0.5 GiB.'],
  [2_000_000, 'At most 1024 GiB.'],
  [Number.NaN, 'A number, such as 4 or 1.5.'],
])('%s MiB is refused in GiB', (mib, message) => {
  expect(memoryMessage(memoryMiB.safeParse(mib).error?.issues[0]?.message ?? '')).toBe(message);
});
