import type { QueueMessage } from '@tidepool/queue';
import { expect, test } from 'vitest';
import { createCrew } from './crew.ts';

/** A crew whose jobs end when the test says so. */
function crewOf(size: number) {
  const begun: string[] = [];
  const messages = new Map<string, QueueMessage | undefined>();
  const ends = new Map<string, () => void>();
  const crew = createCrew({
    size,
    attend: (jobId, message) => {
      begun.push(jobId);
      messages.set(jobId, message);
      return new Promise((resolve) => ends.set(jobId, resolve));
    },
  });
  const end = async (jobId: string) => {
    ends.get(jobId)?.();
    await Promise.resolve();
    await new Promise(setImmediate);
  };
  return { crew, begun, messages, end };
}

const signal = new AbortController().signal;

test('as many jobs run at once as there is room for; the others follow in order', async () => {
  const { crew, begun, end } = crewOf(2);
  for (const job of ['a', 'b', 'c', 'd']) crew.offer(job);
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('a job that waits already is taken once, with its message', async () => {
  const { crew, begun, messages, end } = crewOf(1);
  const message = { body: '', receiveCount: 1, delete: async () => undefined, extend: async () => undefined };
  crew.offer('a');
  crew.offer('b');
  crew.offer('b', message);
  crew.offer('b');
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  expect(messages.get('b')).toBe(message);
});

test('room is waited for, and told', async () => {
  const { crew, end } = crewOf(2);
  expect(await crew.room(signal)).toBe(2);
  crew.offer('a');
  expect(await crew.room(signal)).toBe(1);
  crew.offer('b');
  const room = crew.room(signal);
  await end('a');
  expect(await room).toBe(1);
});

test('waiting for room ends when aborted', async () => {
  const { crew } = crewOf(1);
  crew.offer('a');
  const abort = new AbortController();
  const room = crew.room(abort.signal);
  abort.abort(new Error('the end'));
  await expect(room).rejects.toThrow('the end');
});

test('disbanded, it forgets who waits and ends with those at work', async () => {
  const { crew, begun, end } = crewOf(1);
  crew.offer('a');
  crew.offer('b');
  const disbanded = crew.disband();
  crew.offer('c');
  await end('a');
  await disbanded;
  expect(begun).toEqual(['a']);
});
