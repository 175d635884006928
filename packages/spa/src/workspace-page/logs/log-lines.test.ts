import type { LogLine } from '@tidepool/core';
import { expect, test } from 'vitest';
import { addLines, resumeLines } from './log-lines.ts';

const line = (message: string, at = '2026-03-01T12:00:00.000Z'): LogLine => ({
  at,
  level: 'info',
  source: 'instance',
  message,
});
const lines = (...messages: string[]) => messages.map((message) => line(message));
const messagesOf = (all: readonly LogLine[]) => all.map(({ message }) => message).join(' ');

test('what a new connection sends again is not shown twice, whatever time it is dated by', () => {
  const known = addLines([], lines('a', 'b', 'c'));
  const again = [line('a'), line('b'), line('c', '2026-03-01T13:00:00.000Z'), line('d')];
  expect(messagesOf(resumeLines(known, again))).toBe('a b c d');
});

test('a line that repeats is found at its last place', () => {
  const known = addLines([], lines('a', 'ping', 'ping'));
  expect(messagesOf(resumeLines(known, lines('a', 'ping', 'ping', 'ping')))).toBe('a ping ping ping');
  expect(messagesOf(resumeLines(known, lines('a', 'ping', 'ping')))).toBe('a ping ping');
});

test('where lines may be missing, the first one after says so', () => {
  const known = addLines([], lines('a', 'b'));
  const resumed = resumeLines(known, lines('y', 'z'));
  expect(resumed.map(({ message, isAfterGap }) => [message, isAfterGap])).toEqual([
    ['a', false],
    ['b', false],
    ['y', true],
    ['z', false],
  ]);
});

test('numbers ascend and are never given again, also when the oldest lines go', () => {
  const many = Array.from({ length: 10_100 }, (_, index) => line(`line ${index}`));
  const known = addLines([], many);
  expect(known).toHaveLength(10_000);
  expect(known[0]?.number).toBe(101);
  expect(addLines(known, lines('next')).at(-1)?.number).toBe(10_101);
});
