/**
 * Sees runs end without looking: each run's first process holds its pipe `state/alive` open for writing, so that a reader
 * gets its end the moment that process is gone, whatever ended it. Costs one descriptor per run and no process.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { isAlive, type RunRecord } from './run-record.ts';

/** Calls `ended` once, soon after the run has ended, unless aborted before. */
export function watchRun(run: RunRecord, uid: number, state: string, ended: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const descriptor = openSync(join(state, 'alive'), constants.O_RDONLY | constants.O_NONBLOCK);
  // Opened first, looked second: a run that lives now is a writer whose end we shall get.
  if (!isAlive(run, uid)) {
    closeSync(descriptor);
    queueMicrotask(ended);
    return;
  }
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  const close = () => pipe.destroy();
  signal.addEventListener('abort', close, { once: true });
  pipe.once('close', () => {
    signal.removeEventListener('abort', close);
    if (!signal.aborted) ended();
  });
  pipe.on('error', close);
  pipe.resume();
}
