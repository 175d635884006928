import { expect, test, vi } from 'vitest';
import type { EventStreamOptions } from './event-stream.ts';
import { type Channel, type SharedStreamOptions, shareStream } from './shared-stream.ts';
import type { StreamMessage } from './stream-message.ts';

/** A browser with tabs: one queue for the lock, one channel between all, as the two specifications have it. */
function createBrowser() {
  const channels = new Set<Channel>();
  const waiting: (() => void)[] = [];
  const opened: (Pick<EventStreamOptions, 'lastEventId' | 'onMessage'> & {
    isOpen: boolean;
    tries: number;
    network: boolean[];
  })[] = [];
  let holder: { steal: () => void } | undefined;

  const request = async (_: string, options: LockOptions, callback: () => Promise<void>) => {
    if (options.steal) holder?.steal();
    else if (holder || waiting.length > 0) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        options.signal?.addEventListener('abort', () => {
          waiting.splice(waiting.indexOf(resolve), 1);
          reject(new DOMException('aborted', 'AbortError'));
        });
      });
    }
    await new Promise<void>((resolve, reject) => {
      const mine = { steal: () => reject(new DOMException('stolen', 'AbortError')) };
      holder = mine;
      void callback().then(() => {
        if (holder === mine) holder = undefined;
        waiting.shift()?.();
        resolve();
      });
    });
  };
  const channel = (): Channel => {
    const mine: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const other of channels) if (other !== mine) other.onmessage?.(new MessageEvent('message', { data }));
      },
      close: () => channels.delete(mine),
    };
    channels.add(mine);
    return mine;
  };
  const openTab = (change: Partial<SharedStreamOptions> = {}) => {
    const heard: StreamMessage[] = [];
    const stream = shareStream({
      open: (options) => {
        const entry = { ...options, isOpen: true, tries: 0, network: [] as boolean[] };
        opened.push(entry);
        return {
          tryNow: () => {
            entry.tries += 1;
          },
          networkLost: () => entry.network.push(false),
          networkBack: () => entry.network.push(true),
          close: () => {
            entry.isOpen = false;
          },
        };
      },
      onMessage: (message) => heard.push(message),
      shared: { locks: { request: request as LockManager['request'] }, channel: channel() },
      isVisible: () => true,
      ...change,
    });
    return { heard, stream };
  };
  return { openTab, opened, openNow: () => opened.filter(({ isOpen }) => isOpen) };
}

const live: StreamMessage = { kind: 'connection', connection: { state: 'live' } };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('one tab holds the stream, and all hear it', async () => {
  const browser = createBrowser();
  const tabs = [browser.openTab(), browser.openTab(), browser.openTab()];
  await settle();
  expect(browser.opened.length).toBe(1);
  const event: StreamMessage = { kind: 'activity', id: 'db-4', data: '{}' };
  browser.opened[0]?.onMessage(event);
  for (const { heard } of tabs) expect(heard).toContainEqual(event);
});

test('the next leader resumes where the last one ended', async () => {
  const browser = createBrowser();
  const first = browser.openTab();
  browser.openTab();
  await settle();
  browser.opened[0]?.onMessage({ kind: 'activity', id: 'db-4', data: '{}' });
  first.stream.close();
  await settle();
  expect(browser.openNow().map(({ lastEventId }) => lastEventId)).toEqual(['db-4']);
});

test('a new tab learns how things stand and where to resume, and reads again what it may have missed', async () => {
  const browser = createBrowser();
  const first = browser.openTab();
  await settle();
  browser.opened[0]?.onMessage(live);
  browser.opened[0]?.onMessage({ kind: 'reset', id: 'db-9' });
  const late = browser.openTab();
  expect(late.heard).toEqual([live, { kind: 'reset', id: '' }]);
  first.stream.close();
  await settle();
  expect(browser.openNow()[0]?.lastEventId).toBe('db-9');
});

test('a tab that does not lead asks the leader to try now', async () => {
  const browser = createBrowser();
  browser.openTab();
  const other = browser.openTab();
  await settle();
  other.stream.tryNow();
  expect(browser.opened[0]?.tries).toBe(1);
});

test('a visible tab asks for the try that a hidden leader announced and is late with, and for no other', async () => {
  vi.useFakeTimers();
  try {
    const browser = createBrowser();
    browser.openTab({ isVisible: () => false });
    browser.openTab();
    await vi.advanceTimersByTimeAsync(0);
    const lost = { state: 'lost', since: Date.now() } as const;
    const leader = browser.opened[0];
    leader?.onMessage({ kind: 'connection', connection: { ...lost, nextTryAt: Date.now() + 500 } });
    await vi.advanceTimersByTimeAsync(500);
    leader?.onMessage({ kind: 'connection', connection: { ...lost, nextTryAt: null } });
    leader?.onMessage({ kind: 'connection', connection: { ...lost, nextTryAt: Date.now() + 4_000 } });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(leader?.tries).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(leader?.tries).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a frozen leader is replaced by a visible tab, and steps down', async () => {
  vi.useFakeTimers();
  try {
    const browser = createBrowser();
    browser.openTab({ isVisible: () => false });
    browser.openTab();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(browser.opened.length).toBe(2);
    expect(browser.opened[0]?.isOpen).toBe(false);
    expect(browser.openNow().length).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('where nothing can be shared each tab has its own, and a hidden one gives it back', () => {
  const browser = createBrowser();
  let isVisible = true;
  const { stream } = browser.openTab({ shared: null, isVisible: () => isVisible });
  browser.openTab({ shared: null });
  expect(browser.openNow().length).toBe(2);
  browser.opened[0]?.onMessage({ kind: 'reset', id: 'db-1' });
  browser.opened[0]?.onMessage({ kind: 'activity', id: 'db-2', data: '{}' });
  isVisible = false;
  stream.visibilityChanged();
  expect(browser.openNow().length).toBe(1);
  isVisible = true;
  stream.visibilityChanged();
  expect(browser.opened.at(-1)).toMatchObject({ lastEventId: 'db-2', isOpen: true });
});

test('a tab without the stream says at once that the network is gone, and has the leader try when it is back', async () => {
  const browser = createBrowser();
  const [leader, other] = [browser.openTab(), browser.openTab()];
  await settle();
  browser.opened[0]?.onMessage(live);
  other.stream.networkChanged(false);
  expect(other.heard.at(-1)).toMatchObject({ connection: { state: 'lost', nextTryAt: null } });
  leader.stream.networkChanged(false);
  leader.stream.networkChanged(true);
  expect(browser.opened[0]?.network).toEqual([false, true]);
  other.stream.networkChanged(true);
  expect(browser.opened[0]?.tries).toBe(1);
  browser.opened[0]?.onMessage(live);
  expect(other.heard.at(-1)).toEqual(live);
});
