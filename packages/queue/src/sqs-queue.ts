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
import { queueAnswers, queueTrouble } from './diagnosis.ts';
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
}

const answerMs = 5_000;

export function createSqsQueue({
  endpoint,
  region = 'us-east-1',
  credentials = { accessKeyId: 'tidepool', secretAccessKey: 'tidepool' },
  log,
  restoreMs = 1_000,
  waitSeconds = standardWaitSeconds,
}: SqsQueueOptions): Queue {
  const client = new SQSClient({
    endpoint,
    useQueueUrlAsEndpoint: false,
    region,
    credentials,
    // The second attempt is for a kept connection that the server closed at that moment.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, httpAgent: { keepAlive: true, maxSockets: 50 } },
  });
  limitAnswers(client);
  let urls: QueueUrls | undefined;
  /** What making the queues failed with last, until it succeeds: a server may answer and still not let us. */
  let refusal: unknown;

  async function ensure(signal?: AbortSignal): Promise<QueueUrls> {
    try {
      urls = await reach(answerMs, signal, (abortSignal) => ensureQueues(client, { restoreMs }, abortSignal));
    } catch (error) {
      refusal = error;
      throw error;
    }
    refusal = undefined;
    log.debug({ endpoint }, 'queues are set up');
    return urls;
  }

  /**
   * A call that needs the queues. Where the server has lost them (it restarted empty), makes them and calls again. One
   * that does not answer may be another when it is back, so that its queues are looked at anew.
   */
  async function call<T>(
    ms: number,
    signal: AbortSignal | undefined,
    use: (urls: QueueUrls, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const attempt = (at: QueueUrls) => reach(ms, signal, (abortSignal) => use(at, abortSignal));
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
    return call(wait * 1000 + answerMs, signal, async (known, abortSignal) => {
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
      return receivedMessages.parse(answer.Messages ?? []).map((message) => messageOf(known[which], message));
    });
  }

  function messageOf(QueueUrl: string, received: z.infer<typeof receivedMessages>[number]): QueueMessage {
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
      await call(answerMs, signal, ({ jobs }, abortSignal) =>
        client.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody: body }), { abortSignal }),
      );
    },
    receive: (options) => slowly(options.signal, () => receiveFrom('jobs', waitSeconds, options)),
    receiveDead: (options) => receiveFrom('dead', 0, options),
    async check() {
      try {
        const found = await reach(answerMs, undefined, (signal) => findQueue(client, queueNames.jobs, signal));
        return found === null && refusal !== undefined ? queueTrouble(endpoint, refusal) : queueAnswers(endpoint);
      } catch (error) {
        return queueTrouble(endpoint, error);
      }
    },
    close: () => client.destroy(),
  };
}

const receivedMessages = z.array(
  z.object({
    Body: z.string(),
    ReceiptHandle: z.string(),
    Attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().positive() }),
  }),
);
