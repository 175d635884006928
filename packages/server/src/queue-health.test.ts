import type { Finding } from '@tidepool/core';
import { expect, test } from 'vitest';
import { createQueueHealth } from './queue-health.ts';

const endpoint = { kind: 'external', url: 'http://127.0.0.1:9324' } as const;
const finding: Finding = { id: 'queue', title: 'Queue', status: 'ok', detail: 'It answers.', fix: null, commands: [] };

test('what the queue says is shown, and stands for a while', async () => {
  let asked = 0;
  const check = async () => {
    asked += 1;
    return finding;
  };
  const read = createQueueHealth({ queue: { check }, endpoint });
  const shown = { kind: 'external', endpoint: endpoint.url, healthy: true, detail: 'It answers.' };
  expect(await read()).toEqual(shown);
  expect(await read()).toEqual(shown);
  expect(asked).toBe(1);
});

test('a queue that hangs keeps nobody waiting, and is asked by one alone', async () => {
  let asked = 0;
  const answer = Promise.withResolvers<Finding>();
  const check = () => {
    asked += 1;
    return answer.promise;
  };
  const read = createQueueHealth({ queue: { check }, endpoint });
  const early = await Promise.all([read(), read()]);
  expect(early.map(({ healthy }) => healthy)).toEqual([false, false]);
  expect(early[0]?.detail).toContain('not answered yet');
  expect(asked).toBe(1);
  answer.resolve({ ...finding, status: 'warning', detail: 'It does not answer.' });
  await expect.poll(async () => (await read()).detail).toBe('It does not answer.');
});
