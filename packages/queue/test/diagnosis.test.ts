/** What the doctor and the host page say of endpoints that are no queue, or none for us. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createSqsQueue } from '../src/sqs-queue.ts';

const log = pino({ level: 'silent' });
const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close();
});

async function portOf(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const answering = (status: number, type: string, body: string) =>
  portOf(
    createHttpServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': type }).end(body);
    }),
  );

const speaking = (onConnection: (socket: Socket) => void) =>
  portOf(createServer((socket) => onConnection(socket.on('error', () => undefined))));

const awsJson = 'application/x-amz-json-1.0';
const awsError = (name: string, message: string) =>
  JSON.stringify({ __type: `com.amazon.coral.service#${name}`, message });

function connect(endpoint: string) {
  const queue = createSqsQueue({ endpoint, log, restoreMs: 0 });
  open.push(queue);
  return queue;
}

const noSqs = /answers, but not as an SQS server does/;
const correct = /^Correct TIDEPOOL_QUEUE_URL/;
const credentials = /^Put key and secret of the same region into TIDEPOOL_QUEUE_URL/;

test.each([
  ['a page that is not there', () => answering(404, 'text/html', '<html>'), noSqs, correct],
  ['a page', () => answering(200, 'text/html', '<html>'), noSqs, correct],
  ['an empty object', () => answering(200, 'application/json', '{}'), noSqs, correct],
  ['nothing', () => answering(204, 'text/plain', ''), noSqs, correct],
  ["another API's error", () => answering(404, 'application/json', '{"message":"no such thing"}'), noSqs, correct],
  ['a gateway without its server', () => answering(502, 'text/html', '<html>'), noSqs, correct],
  ['no HTTP at all', () => speaking((socket) => socket.end('SSH-2.0-OpenSSH\r\n')), noSqs, correct],
  [
    'a connection that is closed',
    () => speaking((socket) => socket.destroy()),
    /does not answer/,
    /^See what is wrong with it there/,
  ],
  [
    'unknown credentials',
    () => answering(403, awsJson, awsError('InvalidClientTokenId', 'The security token is invalid.')),
    /refuses us: InvalidClientTokenId: The security token is invalid\./,
    credentials,
  ],
  [
    'a signature for another region',
    () => answering(403, awsJson, awsError('SignatureDoesNotMatch', 'Credential should be scoped to a valid region.')),
    /refuses us: SignatureDoesNotMatch: .*region/,
    credentials,
  ],
  [
    'a limit of its own',
    () => answering(400, awsJson, awsError('OverLimit', 'Too many queues.')),
    /answered: OverLimit: Too many queues\./,
    /^Let the owner of the queue's server allow what it names/,
  ],
  [
    'a failure of its own',
    () => answering(500, awsJson, awsError('InternalError', 'The disk is full.')),
    /answered: InternalError: The disk is full\./,
    /^See the log of the queue's server, or restart it/,
  ],
])('%s is told from a queue, and what to do is said', async (_, start, detail, fix) => {
  const endpoint = `http://127.0.0.1:${await start()}`;
  const queue = connect(endpoint);
  const found = await queue.check();
  expect(found).toMatchObject({
    id: 'queue',
    status: 'warning',
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
  expect(found.detail).toContain(endpoint);
  await expect(queue.send('x')).rejects.toMatchObject({ code: 'queue_unavailable' });
});

test('https to a server without it is said as that', async () => {
  const queue = connect(`https://127.0.0.1:${await answering(200, 'text/plain', 'x')}`);
  expect(await queue.check()).toMatchObject({
    detail: expect.stringMatching(/^No secure connection/),
    fix: expect.stringContaining('http, not https'),
  });
});

test('a name that nobody knows is said', async () => {
  expect(await connect('http://no-such-host.invalid:9324').check()).toMatchObject({
    detail: 'The name no-such-host.invalid is not known here.',
  });
});

test('a server that takes connections and never answers is given up', async () => {
  const endpoint = `http://127.0.0.1:${await speaking(() => undefined)}`;
  expect(await connect(endpoint).check()).toMatchObject({ detail: `${endpoint} does not answer.` });
});

test('a server that answers and does not let us make queues is no healthy one', async () => {
  const port = await portOf(
    createHttpServer((request, response) => {
      request.resume();
      const [status, body] = request.headers['x-amz-target']?.includes('GetQueueUrl')
        ? [400, awsError('QueueDoesNotExist', 'no such queue')]
        : [403, awsError('AccessDenied', 'sqs:createqueue is not allowed')];
      response.writeHead(status, { 'content-type': awsJson }).end(body);
    }),
  );
  const queue = connect(`http://127.0.0.1:${port}`);
  expect(await queue.check()).toMatchObject({ status: 'ok' });
  await expect(queue.ensure()).rejects.toMatchObject({ code: 'queue_unavailable', passing: false });
  expect(await queue.check()).toMatchObject({ status: 'warning', detail: expect.stringContaining('sqs:createqueue') });
});

test('whatever answers there, a receive takes its second', async () => {
  let asked = 0;
  const port = await portOf(
    createHttpServer((request, response) => {
      request.resume();
      asked += 1;
      // A server that knows every queue and waits for nothing.
      const body = JSON.stringify({ QueueUrl: 'http://x/1/jobs', Attributes: { QueueArn: 'arn:aws:sqs:x:1:dead' } });
      response.writeHead(200, { 'content-type': awsJson }).end(body);
    }),
  );
  const queue = connect(`http://127.0.0.1:${port}`);
  await queue.ensure();
  asked = 0;
  const end = performance.now() + 2_500;
  while (performance.now() < end) await queue.receive({ max: 1, signal: AbortSignal.timeout(10_000) });
  expect(asked).toBeLessThanOrEqual(3);
});

test('an answer without an end is read no further than the largest that a queue gives', async () => {
  let sent = 0;
  const port = await portOf(
    createHttpServer((request, response) => {
      request.resume();
      const chunk = Buffer.alloc(2 ** 20, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += 1;
      };
      response.writeHead(200, { 'content-type': awsJson }).on('drain', more);
      more();
    }),
  );
  const queue = connect(`http://127.0.0.1:${port}`);
  expect(await queue.check()).toMatchObject({ status: 'warning', detail: expect.stringContaining('more than 16 MiB') });
  await expect(queue.send('x')).rejects.toMatchObject({ code: 'queue_unavailable', passing: true });
  // What buffers on the way hold comes on top, for each of the three.
  expect(sent).toBeLessThan(3 * 64);
});
