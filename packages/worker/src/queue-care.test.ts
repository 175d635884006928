import { parseConfig } from '@tidepool/core';
import { createFakeQueue } from '@tidepool/queue';
import { expect, test } from 'vitest';
import { createQueueCare } from './queue-care.ts';

function config(env: Record<string, string>) {
  return parseConfig(env, { cwd: '/', homeDirectory: '/root', isRoot: true, totalMemoryMiB: 16_000 });
}

test('that the queue went or came back is news once, and stands among the findings', async () => {
  const queue = createFakeQueue();
  const care = createQueueCare({ queue, config: config({ TIDEPOOL_QUEUE_URL: 'http://127.0.0.1:9324' }) });
  expect(care.known()).toEqual([]);
  const news: boolean[] = [];
  for (const down of [false, false, true, true, false]) {
    queue.setDown(down);
    news.push(await care.look());
    expect(care.known()).toMatchObject([{ id: 'queue', status: down ? 'warning' : 'ok' }]);
  }
  expect(news).toEqual([true, false, true, false, true]);
});

test('of the embedded queue there is no finding', async () => {
  const queue = createFakeQueue();
  queue.setDown(true);
  const care = createQueueCare({ queue, config: config({}) });
  expect(await care.look()).toBe(false);
  expect(care.known()).toEqual([]);
});
