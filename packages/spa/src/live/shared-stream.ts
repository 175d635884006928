/**
 * One event stream for all tabs of a browser: HTTP/1.1 allows six connections to a host, and a seventh tab would wait for
 * ever. A Web Lock elects the tab that holds the stream; it passes every message on over a BroadcastChannel, with the id
 * of the last event, so that the next leader resumes where the last one ended.
 *
 * On plain-http names of a LAN there are no Web Locks: there each visible tab has a stream of its own.
 */
import { z } from 'zod';
import { type Connection, connection } from './connection.ts';
import type { EventStream, EventStreamOptions } from './event-stream.ts';
import { type StreamMessage, streamMessage } from './stream-message.ts';

export interface SharedStream {
  /** Looks at once whether the connection is still good. */
  tryNow(): void;
  /** The device lost its network, or has one again. */
  networkChanged(isOnline: boolean): void;
  visibilityChanged(): void;
  close(): void;
}

/** The part of `BroadcastChannel` that is used. */
export interface Channel {
  postMessage(data: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

export interface SharedStreamOptions {
  readonly open: (options: Pick<EventStreamOptions, 'lastEventId' | 'onMessage'>) => EventStream;
  readonly onMessage: (message: StreamMessage) => void;
  /** Both or none. */
  readonly shared: { readonly locks: Pick<LockManager, 'request'>; readonly channel: Channel } | null;
  readonly isVisible: () => boolean;
}

const lockName = 'tidepool-events';
/** Six heartbeats of the server: a leader that passes none on is frozen, and a visible tab takes its place. */
const leaderSilentMs = 90_000;
/** A hidden leader's timers may come a minute late: a visible tab does not wait longer than this for the try it announced. */
const overdueMs = 1_000;

const tabMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message: streamMessage }),
  /** A new tab asks how things stand; the leader answers with `state`. */
  z.object({ type: z.literal('ask') }),
  z.object({ type: z.literal('state'), connection, lastEventId: z.string().optional() }),
  z.object({ type: z.literal('try') }),
]);
type TabMessage = z.infer<typeof tabMessage>;

export function shareStream({ open, onMessage, shared, isVisible }: SharedStreamOptions): SharedStream {
  let stream: EventStream | undefined;
  let state: Connection = { state: 'connecting' };
  let lastEventId: string | undefined;
  let heardAt = Date.now();
  let reminder: ReturnType<typeof setTimeout> | undefined;
  /** Until everything was read again once: what was told before this tab listened is missing in what it has read. */
  let isLate = true;
  const ending = new AbortController();

  const post = (message: TabMessage) => shared?.channel.postMessage(message);
  const take = (message: StreamMessage) => {
    heardAt = Date.now();
    if (message.kind === 'connection') {
      state = message.connection;
      remind(state);
    }
    if (message.kind === 'reset') isLate = false;
    if ('id' in message && message.id !== '') lastEventId = message.id;
    onMessage(message);
  };
  const remind = (now: Connection) => {
    clearTimeout(reminder);
    if (stream || now.state !== 'lost' || now.nextTryAt === null) return;
    const ms = now.nextTryAt - Date.now() + overdueMs;
    reminder = setTimeout(() => {
      if (isVisible()) post({ type: 'try' });
    }, ms);
  };
  const lead = () => {
    stream = open({
      // One that resumes nothing begins with a reset.
      lastEventId: isLate ? undefined : lastEventId,
      onMessage: (message) => {
        take(message);
        post({ type: 'message', message });
      },
    });
  };
  const stepDown = () => {
    stream?.close();
    stream = undefined;
  };

  const waitForLead = async (locks: Pick<LockManager, 'request'>, steal: boolean): Promise<void> => {
    // A stolen lock rejects its holder's request: that tab steps down and waits like the others.
    try {
      await locks.request(lockName, steal ? { steal } : { signal: ending.signal }, async () => {
        lead();
        await untilAborted(ending.signal);
      });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    } finally {
      stepDown();
    }
    if (!ending.signal.aborted) await waitForLead(locks, false);
  };

  const receive = (message: TabMessage) => {
    if (message.type === 'message') take(message.message);
    if (message.type === 'state' && !stream) {
      lastEventId = message.lastEventId ?? lastEventId;
      take({ kind: 'connection', connection: message.connection });
      if (isLate) take({ kind: 'reset', id: '' });
    }
    if (message.type === 'ask' && stream) {
      post({ type: 'state', connection: state, ...(lastEventId === undefined ? {} : { lastEventId }) });
    }
    if (message.type === 'try') stream?.tryNow();
  };

  const watchdog = setInterval(() => {
    if (!shared || stream || !isVisible() || Date.now() - heardAt < leaderSilentMs) return;
    heardAt = Date.now();
    void waitForLead(shared.locks, true);
  }, 15_000);

  if (shared) {
    shared.channel.onmessage = ({ data }: MessageEvent) => {
      // Another version of this page may be open in the next tab.
      const message = tabMessage.safeParse(data);
      if (message.success) receive(message.data);
    };
    post({ type: 'ask' });
    void waitForLead(shared.locks, false);
  } else {
    lead();
  }

  const tryNow = () => {
    if (stream) stream.tryNow();
    else post({ type: 'try' });
  };

  return {
    tryNow,
    networkChanged: (isOnline) => {
      if (stream && isOnline) stream.networkBack();
      else if (stream) stream.networkLost();
      // Each tab hears of it: the leader sees to the stream, the others wait for none that may be frozen.
      else if (isOnline) tryNow();
      else if (state.state === 'live')
        take({ kind: 'connection', connection: { state: 'lost', since: heardAt, nextTryAt: null } });
    },
    visibilityChanged: () => {
      // Without sharing, a hidden tab gives its connection back.
      if (!shared && !isVisible()) stepDown();
      else if (!shared && !stream) lead();
      else if (isVisible()) tryNow();
    },
    close: () => {
      clearInterval(watchdog);
      clearTimeout(reminder);
      ending.abort();
      stepDown();
      shared?.channel.close();
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
