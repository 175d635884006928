/** What the store reads of the world around it. Tests put another in its place. */
import { statfsSync } from 'node:fs';
import { bootId, isAlive } from './holder.ts';
import type { Holder } from './store.ts';

export interface World {
  /** The wall clock, for times that people read and for retries. It may jump. */
  now(): Date;
  /** Milliseconds of CLOCK_MONOTONIC: the same for all processes of one boot, and standing still while the host sleeps. */
  monotonicMs(): number;
  isAlive(holder: Holder): boolean;
  /** Of the disk that this directory is on, for who is not root; rounded down. */
  freeMiB(directory: string): number;
  /** Of the host's present boot. */
  bootId(): string;
}

export const realWorld: World = {
  now: () => new Date(),
  // libuv's uv_hrtime is clock_gettime(CLOCK_MONOTONIC) on Linux.
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  isAlive,
  freeMiB: (directory) => {
    const { bavail, bsize } = statfsSync(directory);
    return Math.floor((bavail * bsize) / 2 ** 20);
  },
  bootId,
};
