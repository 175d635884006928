/** A queue in this process's memory, for tests of what uses one. It passes the same contract suite as the real ones. */
import { TidepoolError } from '@tidepool/core';
import { createBell } from './bell.ts';
import { queueAnswers, queueTrouble } from './diagnosis.ts';
import {
  maxReceiveCount,
  type Queue,
  type QueueMessage,
  waitSeconds as standardWaitSeconds,
  visibilitySeconds,
} from './queue.ts';

export interface FakeQueue extends Queue {
  /** While it is down every call fails, as where the server does not answer. Messages stay. */
  setDown(down: boolean): void;
}

interface Entry {
  readonly body: string;
  receiveCount: number;
  /** On `performance.now()`'s clock. */
  visibleAt: number;
}

export function createFakeQueue({ waitSeconds = standardWaitSeconds } = {}): FakeQueue {
  const jobs = new Set<Entry>();
  const dead = new Set<Entry>();
  const bell = createBell();
  let isDown = false;

  function refuseWhenDown(): void {
    if (isDown) throw new TidepoolError('queue_unavailable', { passing: true });
  }

  /** Takes what is visible; what was received too often goes to the dead letters, as SQS does it: when looked at. */
  function take(from: Set<Entry>, max: number): QueueMessage[] {
    const now = performance.now();
    const taken: QueueMessage[] = [];
    for (const entry of from) {
      if (taken.length === max) break;
      if (entry.visibleAt > now) continue;
      if (from === jobs && entry.receiveCount >= maxReceiveCount) {
        jobs.delete(entry);
        dead.add({ ...entry, receiveCount: 0 });
        continue;
      }
      entry.receiveCount += 1;
      entry.visibleAt = now + visibilitySeconds * 1_000;
      taken.push(messageOf(from, entry));
    }
    return taken;
  }

  function messageOf(from: Set<Entry>, entry: Entry): QueueMessage {
    return {
      body: entry.body,
      receiveCount: entry.receiveCount,
      async delete() {
        refuseWhenDown();
        from.delete(entry);
      },
      async extend(seconds) {
        refuseWhenDown();
        entry.visibleAt = performance.now() + seconds * 1_000;
        bell.ring();
      },
    };
  }

  return {
    async ensure(signal) {
      signal?.throwIfAborted();
      refuseWhenDown();
    },
    async send(body, signal) {
      signal?.throwIfAborted();
      refuseWhenDown();
      jobs.add({ body, receiveCount: 0, visibleAt: 0 });
      bell.ring();
    },
    async receive({ max, signal }) {
      const end = performance.now() + waitSeconds * 1_000;
      for (;;) {
        signal.throwIfAborted();
        const seen = bell.rings;
        if (isDown) await bell.heard(seen, 1_000, signal);
        refuseWhenDown();
        const messages = take(jobs, max);
        const now = performance.now();
        if (messages.length > 0 || now >= end) return messages;
        const due = [...jobs].map(({ visibleAt }) => visibleAt).filter((at) => at > now);
        await bell.heard(seen, Math.min(end, ...due) - now, signal);
      }
    },
    async receiveDead({ max, signal }) {
      signal.throwIfAborted();
      refuseWhenDown();
      return take(dead, max);
    },
    async check() {
      const nowhere = 'http://queue.invalid';
      return isDown ? queueTrouble(nowhere, new DOMException('no answer', 'TimeoutError')) : queueAnswers(nowhere);
    },
    close: () => undefined,
    setDown(down) {
      isDown = down;
      bell.ring();
    },
  };
}
