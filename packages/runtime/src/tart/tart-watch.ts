/** Sees runs end: Tart tells nobody, so their processes are looked at, all by one ps(1). */
import { setTimeout as sleep } from 'node:timers/promises';
import { processStarts } from './process-starts.ts';
import { newestRun, type RunRecord } from './run-record.ts';
import type { TartHome } from './tart-home.ts';

/** Between two looks, in ms. */
const interval = 2_000;

export interface TartWatch {
  begin(changed: (id: string) => void, signal: AbortSignal): void;
  /** Its end is no news: we are about to end it ourselves. */
  unfollow(id: string, run: RunRecord): void;
}

export function createTartWatch(home: TartHome): TartWatch {
  /** Runs whose end was told, or need not be. */
  const told = new Set<string>();
  const key = (id: string, { number, startTime }: RunRecord) => `${id} ${number} ${startTime}`;

  const look = async (changed: (id: string) => void, signal: AbortSignal) => {
    const open = home.ids().flatMap((id) => {
      const run = newestRun(home.paths(id).runs);
      return run === null || told.has(key(id, run)) ? [] : [{ id, run }];
    });
    const pids = open.map(({ run }) => run.pid);
    const starts = await processStarts(pids, signal);
    for (const { id, run } of open) {
      // Asked again: a stop may have begun meanwhile.
      if (starts.get(run.pid) === run.startTime || told.has(key(id, run))) continue;
      told.add(key(id, run));
      changed(id);
    }
  };

  return {
    begin(changed, signal) {
      void (async () => {
        for (; !signal.aborted; await sleep(interval, undefined, { signal }).catch(() => {})) {
          await look(changed, signal).catch((error: unknown) => {
            if (!signal.aborted) home.options.log.warn({ err: error }, 'runs of Tart not looked at');
          });
        }
      })();
    },
    unfollow: (id, run) => void told.add(key(id, run)),
  };
}
