import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { problemOf } from '../api/problem-of.ts';
import { createToasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const titles = (toasts: ReturnType<typeof createToasts>) => toasts.get().map(({ title }) => title);

test('what was done leaves by itself, what was refused stays until it is dismissed', () => {
  const toasts = createToasts();
  toasts.say('Address copied');
  toasts.problem(problemOf(new Error('no')), 'notes was not started', 'notes');
  vi.advanceTimersByTime(60_000);
  expect(titles(toasts)).toEqual(['notes was not started']);
  toasts.dismiss(toasts.get()[0]?.id ?? 0);
  expect(titles(toasts)).toEqual([]);
});

test('nothing leaves while it is read', () => {
  const toasts = createToasts();
  toasts.say('Address copied');
  toasts.hold();
  vi.advanceTimersByTime(60_000);
  expect(titles(toasts)).toEqual(['Address copied']);
  toasts.release();
  vi.advanceTimersByTime(60_000);
  expect(titles(toasts)).toEqual([]);
});

test('the same said twice is one message, and of many the last stay', () => {
  const toasts = createToasts();
  toasts.problem(problemOf(new Error('no')), 'notes was not started');
  toasts.problem(problemOf(new Error('no')), 'notes was not started');
  expect(toasts.get()).toHaveLength(1);
  for (const name of ['a', 'b', 'c', 'd', 'e']) toasts.problem(problemOf(new Error('no')), name);
  expect(titles(toasts)).toEqual(['b', 'c', 'd', 'e']);
});

test('a text to be copied by hand stays until it is dismissed', () => {
  const toasts = createToasts();
  toasts.byHand('http://a.test/');
  toasts.hold();
  toasts.release();
  vi.advanceTimersByTime(60_000);
  expect(toasts.get()).toMatchObject([{ text: 'http://a.test/' }]);
});
