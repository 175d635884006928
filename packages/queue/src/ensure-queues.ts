/** Makes the two queues on an SQS server and gives them their attributes, whatever they had before. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { maxReceiveCount, queueNames, visibilitySeconds } from './queue.ts';

export interface QueueUrls {
  readonly jobs: string;
  readonly dead: string;
}

/** @param restoreMs how long a server that was just started may take to have its queues back */
export async function ensureQueues(
  client: SQSClient,
  { restoreMs }: { readonly restoreMs: number },
  abortSignal: AbortSignal,
): Promise<QueueUrls> {
  const [dead, jobs] = await Promise.all([
    ensureQueue(client, queueNames.dead, restoreMs, abortSignal),
    ensureQueue(client, queueNames.jobs, restoreMs, abortSignal),
  ]);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    { abortSignal },
  );
  await client.send(
    new SetQueueAttributesCommand({
      QueueUrl: jobs,
      Attributes: {
        DelaySeconds: '0',
        VisibilityTimeout: String(visibilitySeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: z.object({ QueueArn: z.string() }).parse(Attributes).QueueArn,
          maxReceiveCount,
        }),
      },
    }),
    { abortSignal },
  );
  return { jobs, dead };
}

/**
 * Asks before it creates: `CreateQueue` refuses a queue that exists with other attributes (`QueueNameExists`). And asks
 * twice: ElasticMQ listens before it has read its storage, and gives up where a queue that it reads is there already with
 * other attributes (`ElasticMQServer.start` of 1.6.14; not met in tries, where its first answer came later).
 */
async function ensureQueue(
  client: SQSClient,
  QueueName: string,
  restoreMs: number,
  abortSignal: AbortSignal,
): Promise<string> {
  const found = await findQueue(client, QueueName, abortSignal);
  if (found !== null) return found;
  await pause(restoreMs, undefined, { signal: abortSignal });
  const restored = await findQueue(client, QueueName, abortSignal);
  if (restored !== null) return restored;
  return queueUrl.parse(await client.send(new CreateQueueCommand({ QueueName }), { abortSignal })).QueueUrl;
}

/** Its URL; null where there is none of that name. */
export async function findQueue(
  client: SQSClient,
  QueueName: string,
  abortSignal: AbortSignal,
): Promise<string | null> {
  try {
    return queueUrl.parse(await client.send(new GetQueueUrlCommand({ QueueName }), { abortSignal })).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return null;
    throw error;
  }
}

const queueUrl = z.object({ QueueUrl: z.string() });
