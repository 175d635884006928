/** The contract and durability on a real ElasticMQ, as `npm run elasticmq` runs it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeQueue } from '../src/contract.ts';
import type { ElasticMq } from '../src/elastic-mq/elastic-mq.ts';
import type { Queue } from '../src/queue.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';
import { missingForElasticMq, startTestElasticMq } from './elastic-mq.ts';
import { emptyQueues } from './empty-queues.ts';

const log = pino({ level: 'silent' });
const missing = missingForElasticMq();

describe.skipIf(missing !== undefined)(`ElasticMQ${missing ? ` (skipped: ${missing} missing here)` : ''}`, () => {
  let directory: string;
  let server: ElasticMq;
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    directory = await mkdtemp('/tmp/tp-mq-');
    server = await startTestElasticMq(directory);
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });
  afterAll(async () => {
    await server.kill();
    await rm(directory, { recursive: true, force: true });
  });

  function connect({ restoreMs = 0, waitSeconds = 20 } = {}): Queue {
    const queue = createSqsQueue({ endpoint: server.endpoint, log, restoreMs, waitSeconds });
    open.push(queue);
    return queue;
  }
  const restart = async () => {
    const { port } = new URL(server.endpoint);
    await server.kill();
    return async () => {
      server = await startTestElasticMq(directory, Number(port));
    };
  };

  describe('keeps the contract', () => {
    describeQueue(async ({ waitSeconds }) => {
      await emptyQueues(server.endpoint);
      return createSqsQueue({ endpoint: server.endpoint, log, waitSeconds, restoreMs: 0 });
    });
  });

  test('queues that exist with other attributes get ours', async () => {
    await emptyQueues(server.endpoint);
    const client = new SQSClient({
      endpoint: server.endpoint,
      useQueueUrlAsEndpoint: false,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    open.push({ close: () => client.destroy() });
    const attributes = { VisibilityTimeout: '7', DelaySeconds: '300' };
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: attributes }));
    const queue = connect();
    await queue.ensure();
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ VisibilityTimeout: '30', DelaySeconds: '0' });
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 5 });
    await queue.send('at once');
    expect(await queue.receive({ max: 1, signal: AbortSignal.timeout(10_000) })).toMatchObject([{ body: 'at once' }]);
  });

  test('a message outlives a kill -9 right after it was sent, and its queue keeps its attributes', async () => {
    await emptyQueues(server.endpoint);
    const queue = connect();
    await queue.ensure();
    await queue.send('durable');
    const start = await restart();
    await expect(queue.send('nobody there')).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
    expect(await queue.check()).toMatchObject({ status: 'warning', detail: `Nothing listens at ${server.endpoint}.` });
    await start();
    const { signal } = new AbortController();
    expect((await connect({ restoreMs: 1_000 }).receive({ max: 10, signal })).map(({ body }) => body)).toEqual([
      'durable',
    ]);
  });

  test('one that is asked while it starts still has its queues and its messages then', async () => {
    await emptyQueues(server.endpoint);
    // Messages that it reads wake nobody who waits already.
    const queue = connect({ restoreMs: 1_000, waitSeconds: 1 });
    await queue.ensure();
    for (let index = 0; index < 20; index += 1) await queue.send(String(index));
    const start = await restart();
    const eager = new AbortController();
    // As server and worker do, and faster: a queue that is made before it is read from the disk ends ElasticMQ.
    const asking = (async () => {
      while (!eager.signal.aborted) await queue.ensure(eager.signal).catch(() => undefined);
    })();
    await start();
    const bodies = new Set<string>();
    while (bodies.size < 20) {
      for (const message of await queue.receive({ max: 10, signal: AbortSignal.timeout(60_000) })) {
        bodies.add(message.body);
        await message.delete();
      }
    }
    eager.abort();
    await asking;
    expect(await queue.check()).toMatchObject({ status: 'ok' });
  });

  test('queues that are deleted under us are made again by whichever call comes next', async () => {
    const queue = connect();
    const { signal } = new AbortController();
    await queue.ensure();
    await emptyQueues(server.endpoint);
    await queue.send('after it');
    expect((await queue.receive({ max: 1, signal })).map(({ body }) => body)).toEqual(['after it']);
    await emptyQueues(server.endpoint);
    expect(await queue.receiveDead({ max: 1, signal })).toEqual([]);
    await emptyQueues(server.endpoint);
    const received = queue.receive({ max: 1, signal });
    await queue.send('while it waits');
    expect((await received).map(({ body }) => body)).toEqual(['while it waits']);
  });
});
