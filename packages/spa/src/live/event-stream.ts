/**
 * One connection to `/api/events`, kept alive: it reconnects with a growing delay and resumes where it was. Read by fetch
 * and not by `EventSource`, which cannot send `Last-Event-ID` on its first request, gives up on a 503 and hides the
 * heartbeats by which a connection that died in a laptop's sleep is known.
 */
import { isOfProxy, mediaTypeOf, problemContentType } from '@tidepool/core';
import { createParser } from 'eventsource-parser';
import type { Connection } from './connection.ts';
import type { StreamMessage } from './stream-message.ts';

export interface EventStream {
  /** Looks at once whether the connection is still good: after a sleep, on a click. */
  tryNow(): void;
  /** The device lost its network: the connection is not waited for until it is silent for long enough. */
  networkLost(): void;
  /** The device has a network again: what was tried without one counts no more. */
  networkBack(): void;
  close(): void;
}

export interface EventStreamOptions {
  /** Where another tab's stream, or an earlier one of ours, ended. */
  readonly lastEventId: string | undefined;
  readonly onMessage: (message: StreamMessage) => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** The server sends something every 15 s. */
const silentMs = 40_000;
const answerMs = 10_000;
const firstDelayMs = 500;
const longestDelayMs = 15_000;
/** A connection that ended sooner counts as a failure, or a proxy that hangs up at once would be asked without pause. */
const steadyMs = 2_000;

export function openEventStream({ lastEventId, onMessage, fetch = globalThis.fetch }: EventStreamOptions): EventStream {
  let last = lastEventId;
  let heardAt = Date.now();
  let attempt = new AbortController();
  let wake = () => {};
  let isOpen = false;
  let isSignedOut = false;
  let instead: Instead | undefined;
  /** For the attempt or connection that is under way: it ended by the device's network. */
  let isCut = false;
  let isUrged = false;
  let failures = 0;
  let closed = false;

  const heard = () => {
    heardAt = Date.now();
  };
  const parser = createParser({
    onComment: () => onMessage({ kind: 'alive' }),
    onEvent: ({ event, data, id }) => {
      if (id !== undefined) last = id;
      if (event === 'activity') onMessage({ kind: 'activity', id: id ?? '', data });
      if (event === 'usage') onMessage({ kind: 'usage', data });
      if (event === 'reset' || (event === 'hello' && !wasResumed(data))) onMessage({ kind: 'reset', id: id ?? '' });
    },
  });

  /** @returns when the connection has ended, whether it had been a steady one */
  const connect = async (): Promise<boolean> => {
    attempt = new AbortController();
    const deadline = setTimeout(() => attempt.abort(), answerMs);
    let openedAt = Number.POSITIVE_INFINITY;
    parser.reset();
    instead = undefined;
    try {
      const response = await fetch('/api/events', {
        headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
        cache: 'no-store',
        signal: attempt.signal,
      });
      clearTimeout(deadline);
      isSignedOut = response.status === 401;
      instead = insteadOf(response);
      if (!response.ok || !response.body || instead) {
        attempt.abort();
        return false;
      }
      isOpen = true;
      openedAt = Date.now();
      heard();
      onMessage({ kind: 'connection', connection: { state: 'live' } });
      await readText(response.body, (text) => {
        heard();
        parser.feed(text);
      });
    } catch {
      // However it ended, the answer is the same: connect again.
    } finally {
      clearTimeout(deadline);
      isOpen = false;
    }
    return Date.now() - openedAt > steadyMs;
  };

  const keepConnected = async () => {
    while (!closed) {
      isCut = false;
      isUrged = false;
      const wasSteady = await connect();
      failures = isUrged || (wasSteady && !isCut) ? 0 : failures + 1;
      if (closed || failures === 0) continue;
      const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
      const lost = {
        state: 'lost',
        since: heardAt,
        ...(isSignedOut ? { isSignedOut } : {}),
        ...(instead ? { instead } : {}),
      } as const;
      onMessage({ kind: 'connection', connection: { ...lost, nextTryAt: Date.now() + delay } });
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, delay);
      });
      if (!closed) onMessage({ kind: 'connection', connection: { ...lost, nextTryAt: null } });
    }
  };

  const abortIfSilent = (ms: number) => {
    if (isOpen && Date.now() - heardAt > ms) attempt.abort();
  };
  // By the wall clock: timers may not count the time that the machine slept.
  const watchdog = setInterval(() => abortIfSilent(silentMs), 5_000);
  void keepConnected();

  return {
    tryNow: () => {
      abortIfSilent(silentMs / 2);
      wake();
    },
    networkLost: () => {
      isCut = true;
      attempt.abort();
    },
    networkBack: () => {
      if (isOpen) return;
      failures = 0;
      isUrged = true;
      attempt.abort();
      wake();
    },
    close: () => {
      closed = true;
      clearInterval(watchdog);
      attempt.abort();
      wake();
    },
  };
}

type Instead = NonNullable<Extract<Connection, { state: 'lost' }>['instead']>;

/** Where what answers is not Tidepool: a network that wants one to sign in, a proxy. One that cannot reach Tidepool says so by 502 to 504. */
function insteadOf({ status, headers }: Response): Instead | undefined {
  const type = mediaTypeOf(headers);
  const isOurs = type === 'text/event-stream' || type === problemContentType || status === 401;
  return isOurs || isOfProxy(status) ? undefined : { status, type };
}

function wasResumed(data: string): boolean {
  return data.includes('"resumed":true');
}

async function readText(body: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(decoder.decode(value, { stream: true }));
  }
}
