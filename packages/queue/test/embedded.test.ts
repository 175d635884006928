import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { describeQueue } from '../src/contract.ts';
import { type EmbeddedQueue, startEmbeddedQueue } from '../src/embedded.ts';
import type { Queue } from '../src/queue.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';

const log = pino({ level: 'silent' });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startServer(): Promise<EmbeddedQueue> {
  const server = await startEmbeddedQueue({ port: 0, log });
  open.push(server);
  return server;
}

function connect(endpoint: string, waitSeconds = 1): Queue {
  const queue = createSqsQueue({ endpoint, log, waitSeconds });
  open.push(queue);
  return queue;
}

describe('the embedded server keeps the contract', () => {
  describeQueue(async ({ waitSeconds }) => connect((await startServer()).endpoint, waitSeconds));
});

test('a receive that was given up does not swallow the next message', async () => {
  const { endpoint } = await startServer();
  const [gone, alive] = [connect(endpoint, 20), connect(endpoint, 20)];
  await gone.ensure();
  const stop = new AbortController();
  const given = gone.receive({ max: 1, signal: stop.signal });
  await pause(200);
  stop.abort(new Error('killed'));
  await expect(given).rejects.toThrow('killed');
  gone.close();
  const received = alive.receive({ max: 1, signal: new AbortController().signal });
  await alive.send('for the living');
  expect((await received)[0]?.body).toBe('for the living');
});

test('queues that exist with other attributes get ours', async () => {
  const { endpoint } = await startServer();
  const client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  open.push({ close: () => client.destroy() });
  const QueueName = 'jobs';
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '7', DelaySeconds: '0' } }),
  );
  await connect(endpoint).ensure();
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes?.VisibilityTimeout).toBe('30');
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ maxReceiveCount: 5 });
});

test('where no server is, calls reject as passing and a receive takes its time to say so', async () => {
  const { endpoint, close } = await startEmbeddedQueue({ port: 0, log });
  await close();
  const queue = connect(endpoint);
  const unavailable = { code: 'queue_unavailable', passing: true };
  await expect(queue.ensure()).rejects.toMatchObject(unavailable);
  await expect(queue.send('x')).rejects.toMatchObject(unavailable);
  expect(await queue.check()).toMatchObject({ status: 'warning', detail: `Nothing listens at ${endpoint}.` });
  const start = performance.now();
  const { signal } = new AbortController();
  await expect(queue.receive({ max: 1, signal })).rejects.toMatchObject(unavailable);
  expect(performance.now() - start).toBeGreaterThan(900);
});

test('a server that hangs is given up after the deadline, not waited for', async () => {
  const { createServer } = await import('node:net');
  const silent = createServer().listen(0, '127.0.0.1');
  open.push(silent);
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const queue = connect(`http://127.0.0.1:${port}`);
  await expect(queue.send('x')).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
});

test.each([
  ['S3, by a path', { method: 'PUT', path: '/bucket' }, 404],
  ['S3, by a host name', { method: 'GET', path: '/', headers: { host: 'bucket.localhost' } }, 403],
  ['SNS', { method: 'POST', path: '/', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 404],
  ['its inspection pages', { method: 'GET', path: '/_fauxqs/queues' }, 404],
  [
    'a page that rebinds its name',
    { method: 'POST', path: '/', headers: { host: 'evil.example', 'content-type': 'application/x-amz-json-1.0' } },
    403,
  ],
  [
    "a page's script",
    {
      method: 'POST',
      path: '/',
      headers: { origin: 'http://localhost:8081', 'content-type': 'application/x-amz-json-1.0' },
    },
    403,
  ],
])('%s is refused', async (_, options, status) => {
  const { endpoint } = await startServer();
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(endpoint + options.path, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(answered).toBe(status);
});
