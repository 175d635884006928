/**
 * Whether the queue answers, for the host page. A queue that hangs must not hang the page: it is asked in the background,
 * and what it said last is shown meanwhile.
 */
import type { Host } from '@tidepool/core';
import type { Queue, QueueEndpoint } from '@tidepool/queue';

/** Milliseconds: how long an answer stands, and how long the very first one is waited for. */
const standsMs = 5_000;
const patienceMs = 1_000;

export function createQueueHealth(parts: {
  readonly queue: Pick<Queue, 'check'>;
  readonly endpoint: Pick<QueueEndpoint, 'kind' | 'url'>;
}): () => Promise<Host['queue']> {
  const { kind, url } = parts.endpoint;
  let known: Host['queue'] = { kind, endpoint: url, healthy: false, detail: `${url} has not answered yet.` };
  let knownAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    const { status, detail } = await parts.queue.check();
    known = { kind, endpoint: url, healthy: status === 'ok', detail };
    knownAt = performance.now();
    asking = undefined;
  };

  return async () => {
    if (performance.now() - knownAt > standsMs) asking ??= ask();
    if (knownAt === Number.NEGATIVE_INFINITY && asking) await Promise.race([asking, patience()]);
    return known;
  };
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
}
