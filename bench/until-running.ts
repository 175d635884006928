/** Waits as the page does: by the events, without a question asked meanwhile. */
import { type ActivityEvent, activityEvent } from '@tidepool/core';
import { createParser } from 'eventsource-parser';
import type { Tidepool } from '../e2e/tidepool.ts';

export interface Waiting {
  /** Resolves once the workspace runs. @throws what failed */
  readonly running: Promise<void>;
}

/** Listens before it resolves: what is asked for then cannot be missed. A minute at most. */
export async function listenForRunning(tidepool: Tidepool, name: string): Promise<Waiting> {
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(60_000)]);
  const { authorization } = tidepool;
  const response = await fetch(`${tidepool.appOrigin}/api/events`, { headers: { authorization }, signal });
  if (response.body === null) throw new Error(`no events: ${response.status}`);
  return { running: untilRunning(response.body, name).finally(() => ending.abort()) };
}

async function untilRunning(body: ReadableStream<Uint8Array>, name: string): Promise<void> {
  const told: ActivityEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'activity') told.push(activityEvent.parse(JSON.parse(data)));
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (const { workspace } of told.splice(0)) {
      if (workspace?.name !== name) continue;
      if (workspace.status === 'running') return;
      if (workspace.error !== null) throw new Error(`${name}: ${workspace.error.message}`);
    }
  }
  throw new Error(`the events ended before ${name} ran`);
}
