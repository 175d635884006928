/** The queue that the configuration means, for server and worker. */
import type { Config } from '@tidepool/core';
import type { Logger } from 'pino';
import { queueEndpoint } from './endpoint.ts';
import type { Queue } from './queue.ts';
import { createSqsQueue } from './sqs-queue.ts';

/** Opens no connection yet. */
export function connectQueue(config: Config['queue'], log: Logger): Queue {
  const { kind, url, region, credentials } = queueEndpoint(config);
  // The embedded one keeps nothing, so there is nothing to wait for.
  const patience = kind === 'embedded' ? { restoreMs: 0 } : {};
  return createSqsQueue({ endpoint: url, region, credentials, log, ...patience });
}
