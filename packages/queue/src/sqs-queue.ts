/**
 * The `Queue` port over SQS: one client for the embedded server, ElasticMQ and Amazon's own; only the endpoint differs.
 * Requests go to that endpoint whatever host stands in a queue's URL (ElasticMQ writes its `node-address` there).
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { z } from 'zod';
import { isAnswer, queueAnswers, queueTrouble } from './diagnosis.ts';
import { ensureQueues, findQueue, type QueueUrls } from './ensure-queues.ts';
import { limitAnswers } from './limit-answers.ts';
import {
  type Queue,
  type QueueMessage,
  queueNames,
  waitSeconds as standardWaitSeconds,
  visibilitySeconds,
} from './queue.ts';
import { isGone, reach, slowly } from './sqs-failure.ts';

export interface SqsQueueOptions {
  /** Such as `http://127.0.0.1:9324`; without credentials. */
  readonly endpoint: string;
  /** Servers of one's own check neither region nor credentials. */
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly log: Logger;
  /** Milliseconds after which a queue that is missing is made: a server that was just started may still read its storage. */
  readonly restoreMs?: number;
  /** How long a `receive` waits, in seconds; tests wait less. */
  readonly waitSeconds?: number;
  /** Milliseconds that a `receive` takes at least that fails or brings nothing; the same. */
  readonly leastMs?: number;
}

const answerMs = 5_000;

export function createSqsQueue({
  endpoint,
  region = 'us-east-1',
  credentials = { accessKeyId: 'tidepool', secretAccessKey: 'tidepool' },
  log,
  restoreMs = 1_000,
  waitSeconds = standardWaitSeconds,
  leastMs = 1_000,
}: SqsQueueOptions): Queue {
  const client = new SQSClient({
    endpoint,
    useQueueUrlAsEndpoint: false,
    region,
    credentials,
    // What is no message is found here, one by one; the SDK would throw away all that came with it.
    md5: false,
    // The second attempt is for a kept connection that the server closed at that moment.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, httpAgent: { keepAlive: true, maxSockets: 50 } },
  });
  limitAnswers(client);
  let urls: QueueUrls | undefined;
  /**
   * What each kind of call failed with last, until it succeeds, where something answered: a server may know its queues and
   * still not let us, or say what is no answer.
   */
  const refusals = new Map<CallKind, unknown>();
  /** Whether messages came that are none, and nothing but messages since. */
  let givesBroken = false;

  async function noting<T>(kind: CallKind, attempt: () => Promise<T>): Promise<T> {
    try {
      const result = await attempt();
      refusals.delete(kind);
      return result;
    } catch (error) {
      if (isAnswer(error)) refusals.set(kind, error);
      throw error;
    }
  }

  async function ensure(signal?: AbortSignal): Promise<QueueUrls> {
    urls = await noting('ensure', () =>
      reach(answerMs, signal, (abortSignal) => ensureQueues(client, { restoreMs }, abortSignal)),
    );
    log.debug({ endpoint }, 'queues are set up');
    return urls;
  }

  /**
   * A call that needs the queues. Where the server has lost them (it restarted empty), makes them and calls again. One
   * that does not answer may be another when it is back, so that its queues are looked at anew.
   */
  async function call<T>(
    kind: Exclude<CallKind, 'ensure'>,
    { ms, signal }: { readonly ms: number; readonly signal: AbortSignal | undefined },
    use: (urls: QueueUrls, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const attempt = (at: QueueUrls) => noting(kind, () => reach(ms, signal, (abortSignal) => use(at, abortSignal)));
    const known = urls ?? (await ensure(signal));
    try {
      return await attempt(known);
    } catch (error) {
      if (!(error instanceof TidepoolError)) throw error;
      urls = undefined;
      if (!(error.cause instanceof QueueDoesNotExist)) throw error;
      return attempt(await ensure(signal));
    }
  }

  async function receiveFrom(
    which: keyof QueueUrls,
    wait: number,
    { max, signal }: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<readonly QueueMessage[]> {
    return call('receive', { ms: wait * 1000 + answerMs, signal }, async (known, abortSignal) => {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: known[which],
          MaxNumberOfMessages: max,
          WaitTimeSeconds: wait,
          VisibilityTimeout: visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
        { abortSignal },
      );
      return soundOnes(z.array(z.unknown()).parse(answer.Messages ?? [])).map((message) =>
        messageOf(known[which], message),
      );
    });
  }

  /** What is broken cannot even be deleted: the server gives it again, and then to its dead letters. */
  function soundOnes(given: readonly unknown[]): ReceivedMessage[] {
    const sound = given.flatMap((message) => {
      const { success, data } = receivedMessage.safeParse(message);
      return success ? [data] : [];
    });
    if (given.length === 0) return sound;
    const broken = given.length - sound.length;
    if (broken > 0 && !givesBroken)
      log.warn({ broken }, 'the queue gave messages that cannot be read; they are left to it');
    givesBroken = broken > 0;
    return sound;
  }

  function messageOf(QueueUrl: string, received: ReceivedMessage): QueueMessage {
    const target = { QueueUrl, ReceiptHandle: received.ReceiptHandle };
    /** What is done to a message that is gone, or in a queue that is gone, is done. */
    const settle = (command: DeleteMessageCommand | ChangeMessageVisibilityCommand) =>
      reach(answerMs, undefined, async (abortSignal) => {
        try {
          if (command instanceof DeleteMessageCommand) await client.send(command, { abortSignal });
          else await client.send(command, { abortSignal });
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      });
    return {
      body: received.Body,
      receiveCount: received.Attributes.ApproximateReceiveCount,
      delete: () => settle(new DeleteMessageCommand(target)),
      extend: (seconds) => settle(new ChangeMessageVisibilityCommand({ ...target, VisibilityTimeout: seconds })),
    };
  }

  return {
    async ensure(signal) {
      await ensure(signal);
    },
    async send(body, signal) {
      await call('send', { ms: answerMs, signal }, async ({ jobs }, abortSignal) => {
        const command = new SendMessageCommand({ QueueUrl: jobs, MessageBody: body });
        // Whoever took it has given it an id.
        sentMessage.parse(await client.send(command, { abortSignal }));
      });
    },
    receive: (options) => slowly(leastMs, options.signal, () => receiveFrom('jobs', waitSeconds, options)),
    receiveDead: (options) => receiveFrom('dead', 0, options),
    async check() {
      try {
        await reach(answerMs, undefined, (signal) => findQueue(client, queueNames.jobs, signal));
        const [refusal] = refusals.values();
        return refusal === undefined ? queueAnswers(endpoint) : queueTrouble(endpoint, refusal);
      } catch (error) {
        return queueTrouble(endpoint, error);
      }
    },
    close: () => client.destroy(),
  };
}

type CallKind = 'ensure' | 'send' | 'receive';

const sentMessage = z.object({ MessageId: z.string().min(1) });

const receivedMessage = z.object({
  Body: z.string(),
  ReceiptHandle: z.string().min(1),
  // Only told, and never decided by.
  Attributes: z
    .object({ ApproximateReceiveCount: z.coerce.number().int().positive() })
    .catch({ ApproximateReceiveCount: 1 }),
});
type ReceivedMessage = z.infer<typeof receivedMessage>;
