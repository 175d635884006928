import type { LogLine } from '@tidepool/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followLog } from './follow-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const line = (message: string): LogLine => ({ at: '', level: 'info', source: 'instance', message });

function follow(read: Parameters<typeof followLog>[0]['read']) {
  const ending = new AbortController();
  const seen: string[] = [];
  const words = (lines: readonly LogLine[]) => lines.map(({ message }) => message).join();
  const done = followLog({
    read,
    signal: ending.signal,
    onBegin: (lines) => seen.push(`begin ${words(lines)}`),
    onLines: (lines) => seen.push(words(lines)),
    onCut: (reason) => seen.push(`cut ${reason}`),
  });
  return { seen, end: () => ending.abort(), done };
}

test('what is there already comes as one, however it is cut into pieces, and then what is written', async () => {
  let write = (_lines: readonly LogLine[]) => {};
  const { seen, end, done } = follow(async ({ signal, onOpen, onLines }) => {
    onOpen?.();
    write = onLines;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  write([line('a')]);
  write([line('b')]);
  await vi.advanceTimersByTimeAsync(300);
  write([line('c')]);
  expect(seen).toEqual(['begin a,b', 'c']);
  end();
  await done;
});

test('an empty log begins too', async () => {
  const { seen, end, done } = follow(async ({ signal, onOpen }) => {
    onOpen?.();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  await vi.advanceTimersByTimeAsync(300);
  expect(seen).toEqual(['begin ']);
  end();
  await done;
});

test('a connection that fails or ends is followed by the next, later and later', async () => {
  let tries = 0;
  const { seen, end, done } = follow(async () => {
    tries += 1;
    throw new Error('refused');
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual(['cut refused']);
  await vi.advanceTimersByTimeAsync(500);
  expect(tries).toBe(2);
  await vi.advanceTimersByTimeAsync(900);
  expect(tries).toBe(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(tries).toBe(3);
  end();
  await done;
});
