/**
 * Follows the activity table for all event streams at once, on a connection of its own that never writes. Woken by writes
 * to the database's `-wal` file, with a look once a second as the net. Ids are given in the order of commits, so
 * «everything after the last one» misses nothing. Idle while nobody listens.
 */
import { basename, dirname } from 'node:path';
import type { Activity, ActivityEvent } from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import type { Logger } from 'pino';
import { createWake, type Wake } from '../wake.ts';
import { eventId, type LogBounds } from './resume-point.ts';

export interface TailEvent {
  readonly workspaceId: string | null;
  /** The whole event in the stream's own form, written once for all who listen. */
  readonly text: string;
}

export interface EventTail {
  /** Calls with every event from now on; `bounds.last` is the last one before. */
  listen(listener: (event: TailEvent) => void): Listening;
  /** The id of an event stream that has everything up to now. */
  lastEventId(): string;
  stop(): void;
}

export interface Listening {
  readonly bounds: LogBounds;
  /** The events after `after`, oldest first, up to `bounds.last`. */
  replay(after: number): TailEvent[];
  end(): void;
}

const batch = 500;
/**
 * Milliseconds from a write to the looks it causes, after one at once. A transaction is seen only once its pages are on the
 * disk (SQLite writes them, waits for the disk, then says so in shared memory, which nothing can watch), so the first looks
 * are often early; what is only noted (ADR 0004) is there at once. Most disks are done within 5. A look in vain asks only
 * whether anything was committed.
 */
const looksAfterWrite = [1, 2, 3, 4, 5, 7, 10, 15, 30, 60, 120, 250, 500];

export function createEventTail(parts: {
  readonly reads: Reads;
  readonly databasePath: string;
  readonly log: Logger;
  /** Milliseconds between looks without a write: the net. */
  readonly lookEveryMs?: number;
}): EventTail {
  const { reads, databasePath, log, lookEveryMs = 1_000 } = parts;
  const databaseId = reads.databaseId();
  const wal = `${basename(databasePath)}-wal`;
  const listeners = new Set<(event: TailEvent) => void>();
  let position = 0;
  /** Of the database, when all up to `position` was read. */
  let version: number | null = null;
  let wake: Wake | undefined;
  let nextLook: NodeJS.Timeout | undefined;

  const advance = () => {
    // Before the rows: what is committed in between is another version, and looked at next time.
    const now = reads.version();
    if (now === version) return;
    for (;;) {
      const rows = reads.activitySince(position, batch);
      for (const row of rows) {
        const event = eventOf(reads, databaseId, row);
        position = row.id;
        for (const listener of listeners) listener(event);
      }
      if (rows.length < batch) break;
    }
    version = now;
  };
  const look = () => {
    try {
      advance();
    } catch (err) {
      log.warn({ err }, 'activity could not be read; the next look tries again');
    }
  };
  /** Now, and then as often as `looksAfterWrite` has it from `index` on. */
  const lookFrom = (index: number) => {
    clearTimeout(nextLook);
    look();
    // Whoever listened last may have left during a look.
    if (wake === undefined) return;
    const [before = 0, at] = [looksAfterWrite[index - 1], looksAfterWrite[index]];
    if (at === undefined) return;
    nextLook = setTimeout(() => lookFrom(index + 1), at - before).unref();
  };
  const follow = () => {
    position = reads.activityBounds().last;
    wake = createWake({
      directory: dirname(databasePath),
      isOurs: (file) => file === wal,
      everyMs: lookEveryMs,
      changed: () => lookFrom(0),
      tick: look,
    });
  };
  const replay = (after: number, upTo: number): TailEvent[] => {
    const events: TailEvent[] = [];
    for (let from = after; from < upTo; ) {
      const rows = reads.activitySince(from, batch).filter((row) => row.id <= upTo);
      events.push(...rows.map((row) => eventOf(reads, databaseId, row)));
      from = rows.at(-1)?.id ?? upTo;
    }
    return events;
  };
  const rest = () => {
    wake?.stop();
    wake = undefined;
    clearTimeout(nextLook);
  };

  return {
    listen: (listener) => {
      // Who listens already gets first what is committed already: then `position` is where all of them are.
      if (wake) advance();
      else follow();
      listeners.add(listener);
      const bounds = { databaseId, first: reads.activityBounds().first, last: position };
      return {
        bounds,
        replay: (after) => replay(after, bounds.last),
        end: () => {
          listeners.delete(listener);
          if (listeners.size === 0) rest();
        },
      };
    },
    lastEventId: () => eventId(databaseId, position),
    stop: () => {
      listeners.clear();
      rest();
    },
  };
}

/** The workspace and the job as they are now, not as they were: a client drops what is older than what it has. */
function eventOf(reads: Reads, databaseId: string, row: Activity): TailEvent {
  const data: ActivityEvent = {
    activity: row,
    workspace: row.workspaceId === null ? null : reads.workspace(row.workspaceId),
    job: row.detail.job === undefined ? null : reads.job(row.detail.job.id),
  };
  const id = eventId(databaseId, row.id);
  return { workspaceId: row.workspaceId, text: `id: ${id}\nevent: activity\ndata: ${JSON.stringify(data)}\n\n` };
}
