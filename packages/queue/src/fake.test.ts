import { describe, expect, test } from 'vitest';
import { describeQueue } from './contract.ts';
import { createFakeQueue } from './fake.ts';

describe('the fake keeps the contract', () => {
  describeQueue(async (options) => createFakeQueue(options));
});

test('a fake that is down fails as a server that does not answer, and keeps its messages', async () => {
  const queue = createFakeQueue({ waitSeconds: 1 });
  await queue.send('kept');
  queue.setDown(true);
  const { signal } = new AbortController();
  await expect(queue.send('lost')).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  await expect(queue.receive({ max: 1, signal })).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  expect(await queue.check()).toMatchObject({ status: 'warning' });
  queue.setDown(false);
  expect((await queue.receive({ max: 10, signal })).map(({ body }) => body)).toEqual(['kept']);
});
