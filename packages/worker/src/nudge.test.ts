import { createFakeQueue } from '@tidepool/queue';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createNudges } from './nudge.ts';

const log = pino({ level: 'silent' });

function setUp() {
  const queue = createFakeQueue({ waitSeconds: 0.01 });
  const stop = new AbortController();
  const sent: string[] = [];
  const offered = Promise.withResolvers<string>();
  const noted = Promise.withResolvers<void>();
  const note = (jobId: string) => {
    sent.push(jobId);
    noted.resolve();
  };
  const nudges = createNudges({ queue, store: { sent: note }, log }, offered.resolve, stop.signal);
  return { queue, stop, sent, offered: offered.promise, noted: noted.promise, nudges };
}

test('a job is sent, and noted as sent', async () => {
  const { queue, sent, noted, nudges, stop } = setUp();
  nudges.nudge('job-1');
  await noted;
  expect(sent).toEqual(['job-1']);
  const [message] = await queue.receive({ max: 1, signal: stop.signal });
  expect(message?.body).toBe('{"jobId":"job-1"}');
});

test('without the queue the job is run here', async () => {
  const { queue, sent, offered, nudges } = setUp();
  queue.setDown(true);
  nudges.nudge('job-1');
  expect(await offered).toBe('job-1');
  expect(sent).toEqual([]);
});

test('a later nudge comes after its time', async () => {
  const { sent, noted, nudges } = setUp();
  nudges.nudgeLater('job-1', 1);
  expect(sent).toEqual([]);
  await noted;
  expect(sent).toEqual(['job-1']);
});
