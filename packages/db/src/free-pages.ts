/**
 * Room that is kept inside the database's own files, where nobody else can take it: a program that has filled the disk
 * takes at once whatever comes free on it, and is the very one that has to be stopped. New rows find free pages in the
 * file; and the write-ahead log, once it has its full length, is written over from its beginning after each checkpoint
 * (https://sqlite.org/walformat.html#wal_reset), so that neither file has to grow.
 */
import { statSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import type { Connection } from './connection.ts';
import { sql } from './drizzle.ts';
import { filling } from './schema.ts';

/** Bytes. More than the 1,000 pages of 4 KiB after which SQLite checkpoints by itself. */
const size = 4 * 2 ** 20 + 64 * 2 ** 10;
/** Free pages below which there are to be more: room for some thousand rows of activity. */
const leastPages = 512;

export interface FreePages {
  /** Where they have become few, while there is space: fills them, and frees them again. */
  keep(): void;
}

export function createFreePages(path: string, { orm, read, note }: Connection): FreePages {
  const logSize = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const freePages = () => read(() => orm.get<{ freelist_count: number }>(sql`PRAGMA freelist_count`).freelist_count);
  return {
    keep() {
      if (freePages() >= leastPages && logSize() >= size) return;
      try {
        // Apart from each other: what is freed in the transaction that made it was never written.
        note(() =>
          orm
            .insert(filling)
            .values({ bytes: sql`zeroblob(${size})` })
            .run(),
        );
      } catch (error) {
        // There is less space than it seemed: it waits for more.
        if (!(error instanceof TidepoolError && error.code === 'disk_full')) throw error;
      }
      note(() => orm.delete(filling).run());
    },
  };
}
