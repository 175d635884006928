/** Calls back when a file may have changed: at once by fs.watch on its directory, and regularly as the net under it. */
import { type FSWatcher, watch } from 'node:fs';

export interface Wake {
  stop(): void;
}

/**
 * The directory is watched, not the file: SQLite and log rotation replace files, and a watch would stay with the old one.
 * A directory that is not there yet is tried again at every tick.
 */
export function createWake(options: {
  readonly directory: string;
  readonly isOurs: (file: string) => boolean;
  /** Milliseconds between looks without a reason. */
  readonly everyMs: number;
  /** A file of ours was written. */
  readonly changed: () => void;
  readonly tick: () => void;
}): Wake {
  const { directory, isOurs, everyMs, changed, tick } = options;
  let watcher: FSWatcher | undefined;
  let due: NodeJS.Immediate | undefined;

  // A transaction is several writes: they wake once.
  const soon = () => {
    due ??= setImmediate(() => {
      due = undefined;
      changed();
    });
  };
  const unwatch = () => {
    watcher?.close();
    watcher = undefined;
  };
  const rewatch = () => {
    try {
      watcher ??= watch(directory, { persistent: false }, (_event, file) => {
        if (file === null || isOurs(file)) soon();
      }).on('error', unwatch);
    } catch {
      // Not there (any more), or no watches left on this system: the ticks go on, and try again.
      watcher = undefined;
    }
  };

  rewatch();
  const ticks = setInterval(() => {
    rewatch();
    tick();
  }, everyMs);
  ticks.unref();

  return {
    stop: () => {
      clearInterval(ticks);
      clearImmediate(due);
      unwatch();
    },
  };
}
