/**
 * A few MiB of disk kept beside the database for the day the disk is full: a stop or a delete has to be written down
 * before it can free anything. Given up for them, and kept again when there is space. It serves where the room inside the
 * database's own files (`free-pages.ts`) does not: after a start on a full disk, or on a file system that writes nothing
 * in place.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';

/** Bytes: some hundred transactions of a stop or a delete, each of some pages of 4 KiB in the WAL. */
const size = 4 * 2 ** 20;

/** Free space in MiB from which on the reserve is kept again. */
export const comfortableMiB = 64;

export interface Reserve {
  /** Best effort: where there is no space for it, it waits. */
  keep(): void;
  /** Runs `write`; where the disk is full, gives the reserve up and runs it once more. */
  spendOn<Result>(write: () => Result): Result;
}

export function createReserve(databasePath: string): Reserve {
  const path = `${databasePath}-reserve`;
  const isKept = () => statSync(path, { throwIfNoEntry: false })?.size === size;
  return {
    keep() {
      if (isKept()) return;
      try {
        // Written out: a file with a hole would keep nothing.
        writeFileSync(path, Buffer.alloc(size), { mode: 0o600 });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        rmSync(path, { force: true });
      }
    },
    spendOn(write) {
      try {
        return write();
      } catch (error) {
        if (!isDiskFull(error) || !isKept()) throw error;
        rmSync(path, { force: true });
        return write();
      }
    },
  };
}

function isDiskFull(error: unknown): boolean {
  return error instanceof TidepoolError && error.code === 'disk_full';
}
