/**
 * An SQS server that answers with what is none, with half of it or with too much: each is told, nothing is lost, and all is
 * well when it is right again. A double in front of the embedded server, and of ElasticMQ where there is Java.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startEmbeddedQueue } from '../src/embedded.ts';
import type { Queue, QueueMessage } from '../src/queue.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';
import { missingForElasticMq, startTestElasticMq } from './elastic-mq.ts';
import { emptyQueues } from './empty-queues.ts';
import { type FaultyProxy, faults, hollow, messages, startFaultyProxy } from './faulty-proxy.ts';

const missing = missingForElasticMq();
const servers = [
  { name: 'the embedded server', skip: false, start: startEmbedded },
  {
    name: `ElasticMQ${missing ? ` (skipped: ${missing} missing here)` : ''}`,
    skip: missing !== undefined,
    start: startElastic,
  },
];
/** Told from no answer at all by nobody: what else the server says is the truth of it. */
const silent: ReadonlySet<string> = new Set([
  'half of an answer, its length announced',
  'half of an answer, in chunks',
  'a connection that is cut at once',
]);
const unavailable = { code: 'queue_unavailable' };

for (const { name, skip, start } of servers) {
  describe.skipIf(skip)(`before ${name}`, () => {
    let server: Server;
    let proxy: FaultyProxy;
    let queue: Queue;
    let said: { level: number; msg: string }[];
    beforeAll(async () => {
      server = await start();
      proxy = await startFaultyProxy(server.endpoint);
    });
    afterAll(async () => {
      proxy?.close();
      await server?.close();
    });
    beforeEach(async () => {
      await server.empty();
      said = [];
      const log = pino({ level: 'info' }, { write: (line) => void said.push(JSON.parse(line)) });
      queue = createSqsQueue({ endpoint: proxy.endpoint, log, restoreMs: 0, waitSeconds: 1, leastMs: 50 });
    });
    afterEach(() => {
      proxy.mend();
      queue.close();
    });

    const receive = () => queue.receive({ max: 10, signal: AbortSignal.timeout(60_000) });
    const next = async (): Promise<QueueMessage> => {
      for (;;) {
        const [message] = await receive();
        if (message) return message;
      }
    };

    const answered = Object.entries({ ...faults, ...hollow });

    describe('CreateQueue', () => {
      test.each(answered)('%s is told, and the queue that was made all the same is found', async (_, fault) => {
        proxy.spoil('CreateQueue', fault);
        await expect(queue.ensure()).rejects.toMatchObject({ ...unavailable, passing: true });
        await queue.send('kept');
        expect((await next()).body).toBe('kept');
        expect(await queue.check()).toMatchObject({ status: 'ok' });
      });
    });

    describe.each(['GetQueueUrl', 'GetQueueAttributes'])('%s', (action) => {
      test.each(answered)('%s is told, and the queues are made when it is right again', async (name, fault) => {
        proxy.spoil(action, fault);
        await expect(queue.ensure()).rejects.toMatchObject({ ...unavailable, passing: true });
        await expect(queue.send('lost')).rejects.toMatchObject(unavailable);
        if (action === 'GetQueueUrl' || !silent.has(name)) {
          expect(await queue.check()).toMatchObject({ status: 'warning', detail: plain });
        }
        proxy.mend();
        await queue.send('kept');
        expect((await next()).body).toBe('kept');
        expect(await queue.check()).toMatchObject({ status: 'ok' });
      });
    });

    describe('SendMessage', () => {
      test.each(answered)('%s is told to who sends, who may send again', async (name, fault) => {
        await queue.ensure();
        proxy.spoil('SendMessage', fault);
        await expect(queue.send('nudge')).rejects.toMatchObject({ ...unavailable, passing: true });
        if (!silent.has(name)) expect(await queue.check()).toMatchObject({ status: 'warning', detail: plain });
        proxy.mend();
        await queue.send('nudge');
        expect(await queue.check()).toMatchObject({ status: 'ok' });
        expect((await next()).body).toBe('nudge');
      });
    });

    describe('ReceiveMessage', () => {
      test.each(Object.entries(hollow))('%s is an answer without messages', async (_, fault) => {
        await queue.ensure();
        await queue.send('kept');
        proxy.spoil('ReceiveMessage', fault);
        expect(await receive().catch(() => [])).toEqual([]);
        proxy.mend();
        expect(await queue.check()).toMatchObject({ id: 'queue' });
      });

      test.each(Object.entries({ ...faults, 'messages that are none': messages('x') }))(
        '%s is told, and what is sent meanwhile comes when it is right again',
        async (name, fault) => {
          await queue.ensure();
          proxy.spoil('ReceiveMessage', fault);
          await expect(receive()).rejects.toMatchObject({ ...unavailable, passing: true });
          await expect(queue.receiveDead({ max: 1, signal: AbortSignal.timeout(60_000) })).rejects.toMatchObject(
            unavailable,
          );
          if (!silent.has(name)) expect(await queue.check()).toMatchObject({ status: 'warning', detail: plain });
          await queue.send('kept');
          proxy.mend();
          expect((await next()).body).toBe('kept');
          expect(await queue.check()).toMatchObject({ status: 'ok' });
        },
      );

      test('messages that lack something are left to the server, and said once; the sound ones beside them come', async () => {
        await queue.ensure();
        const sound = { Body: 'sound', ReceiptHandle: 'r', Attributes: { ApproximateReceiveCount: '2' } };
        const broken = [
          { ...sound, ReceiptHandle: undefined },
          { ...sound, Body: undefined },
          { ...sound, Body: 7 },
          { ...sound, ReceiptHandle: '' },
          null,
          'x',
          {},
        ];
        proxy.spoil('ReceiveMessage', messages([...broken, sound, { ...sound, Attributes: undefined }]));
        for (let round = 0; round < 3; round += 1) {
          expect((await receive()).map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
            ['sound', 2],
            ['sound', 1],
          ]);
        }
        proxy.spoil('ReceiveMessage', messages(broken));
        expect(await receive()).toEqual([]);
        expect(said.map(({ msg }) => msg)).toEqual([
          'the queue gave messages that cannot be read; they are left to it',
        ]);
        proxy.mend();
        await queue.send('kept');
        expect((await next()).body).toBe('kept');
      });

      test('the same message twice in one answer, and more than were asked for, is nothing to fear', async () => {
        await queue.ensure();
        const sound = { Body: 'x', ReceiptHandle: 'r', Attributes: { ApproximateReceiveCount: '1' } };
        proxy.spoil('ReceiveMessage', messages(Array.from({ length: 25 }, () => sound)));
        const got = await receive();
        expect(got).toHaveLength(25);
        // Nobody knows that handle.
        await Promise.all(got.map((message) => message.delete()));
      });
    });

    describe.each([
      ['DeleteMessage', (message: QueueMessage) => message.delete()],
      ['ChangeMessageVisibility', (message: QueueMessage) => message.extend(20)],
    ] as const)('%s', (action, act) => {
      test.each(Object.entries(faults))('%s is told, and it may be asked again', async (_, fault) => {
        await queue.send('held');
        const message = await next();
        proxy.spoil(action, fault);
        await expect(act(message)).rejects.toMatchObject({ ...unavailable, passing: true });
        proxy.mend();
        await act(message);
        await message.delete();
        expect(await receive()).toEqual([]);
      });
    });
  });
}

/** One line, without what a parser says of characters. */
const plain = expect.stringMatching(
  /^(http:\/\/127\.0\.0\.1:\d+ (does not answer|answers, but not as an SQS server does)|The queue at .* it answers with more than 16 MiB)\.$/,
);

/** A real server, and how a test begins with no queues on it. */
interface Server {
  readonly endpoint: () => string;
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function startEmbedded(): Promise<Server> {
  const start = () => startEmbeddedQueue({ port: 0, log: pino({ level: 'silent' }) });
  let server = await start();
  return {
    endpoint: () => server.endpoint,
    empty: async () => {
      await server.close();
      server = await start();
    },
    close: () => server.close(),
  };
}

async function startElastic(): Promise<Server> {
  const data = await mkdtemp('/tmp/tp-mq-');
  const server = await startTestElasticMq(data);
  return {
    endpoint: () => server.endpoint,
    empty: () => emptyQueues(server.endpoint),
    close: async () => {
      await server.kill();
      await rm(data, { recursive: true, force: true });
    },
  };
}
