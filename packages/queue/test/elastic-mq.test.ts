/** The contract and durability on a real ElasticMQ, configured as in production but with other queue attributes than ours. */
import { mkdtemp, rm } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeQueue } from '../src/contract.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';
import { type ElasticMq, missingForElasticMq, startElasticMq } from './elastic-mq.ts';
import { emptyQueues } from './empty-queues.ts';

const log = pino({ level: 'silent' });
const missing = missingForElasticMq();

describe.skipIf(missing !== undefined)(`ElasticMQ${missing ? ` (skipped: ${missing} missing here)` : ''}`, () => {
  let directory: string;
  let server: ElasticMq;

  beforeAll(async () => {
    directory = await mkdtemp('/tmp/tp-mq-');
    server = await startElasticMq(directory);
  });
  afterAll(async () => {
    await server.kill();
    await rm(directory, { recursive: true, force: true });
  });

  describe('keeps the contract', () => {
    describeQueue(async ({ waitSeconds }) => {
      await emptyQueues(server.endpoint);
      return createSqsQueue({ endpoint: server.endpoint, log, waitSeconds });
    });
  });

  test('a message outlives a kill -9 right after it was sent', async () => {
    await emptyQueues(server.endpoint);
    const before = createSqsQueue({ endpoint: server.endpoint, log });
    await before.ensure();
    await before.send('durable');
    await server.kill();
    await expect(before.send('nobody there')).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
    before.close();
    server = await startElasticMq(directory);
    const after = createSqsQueue({ endpoint: server.endpoint, log });
    const { signal } = new AbortController();
    expect((await after.receive({ max: 10, signal })).map(({ body }) => body)).toEqual(['durable']);
    after.close();
  });
});
