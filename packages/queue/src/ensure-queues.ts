/** Makes the two queues on an SQS server and gives them their attributes, whatever they had before. */
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

export async function ensureQueues(client: SQSClient, abortSignal: AbortSignal): Promise<QueueUrls> {
  const dead = await ensureQueue(client, queueNames.dead, abortSignal);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    { abortSignal },
  );
  const jobs = await ensureQueue(client, queueNames.jobs, abortSignal);
  await client.send(
    new SetQueueAttributesCommand({
      QueueUrl: jobs,
      Attributes: {
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

/** Asks before it creates: `CreateQueue` refuses a queue that exists with other attributes (`QueueNameExists`). */
async function ensureQueue(client: SQSClient, QueueName: string, abortSignal: AbortSignal): Promise<string> {
  try {
    return queueUrl.parse(await client.send(new GetQueueUrlCommand({ QueueName }), { abortSignal })).QueueUrl;
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    return queueUrl.parse(await client.send(new CreateQueueCommand({ QueueName }), { abortSignal })).QueueUrl;
  }
}

const queueUrl = z.object({ QueueUrl: z.string() });
