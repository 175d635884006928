import { createFakeQueue, type Queue, type QueueMessage } from '@tidepool/queue';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { buryDeadLetters } from './dead-letters.ts';

test('every dead letter is written down and deleted; a body that is no job with its beginning', async () => {
  const bodies = ['{"jobId":"01a1fcdf-44f7-7659-b53d-8c6b8fb73286"}', 'x'.repeat(5000)];
  const deleted: string[] = [];
  const letters = bodies.map((body): QueueMessage => {
    const remove = async () => void deleted.push(body);
    return { body, receiveCount: 1, delete: remove, extend: async () => undefined };
  });
  const queue: Queue = { ...createFakeQueue(), receiveDead: async () => letters.splice(0, 1) };
  const lines: { msg: string; body?: string; jobId?: string }[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });

  await buryDeadLetters({ queue, log }, new AbortController().signal);

  expect(deleted).toEqual(bodies);
  expect(lines.map(({ msg }) => msg)).toEqual(['dead letter of a job; left to the sweep', 'dead letter is no job']);
  expect(lines[1]?.body).toBe('x'.repeat(500));
});

test('a queue that is down is no failure here, anything else is', async () => {
  const queue = createFakeQueue();
  const log = pino({ level: 'silent' });
  const { signal } = new AbortController();
  queue.setDown(true);
  await buryDeadLetters({ queue, log }, signal);
  const broken: Queue = { ...queue, receiveDead: () => Promise.reject(new Error('a mistake of ours')) };
  await expect(buryDeadLetters({ queue: broken, log }, signal)).rejects.toThrow('a mistake of ours');
});
