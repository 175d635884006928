/** One log file, read from near its end and then as it grows, also across copy-and-truncate. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createLineSplitter } from './line-splitter.ts';
import { isBlank } from './log-line.ts';

export interface LogFile {
  /** The last `limit` lines of its last mebibyte; reading goes on behind them. @returns none where there is no file */
  tail(limit: number): Promise<Chunk>;
  /** The lines written since, up to 256 KiB of them; `more` where there is more to read now. */
  next(): Promise<Chunk & { readonly more: boolean }>;
  /** The line that has begun and not ended yet. */
  rest(): string[];
}

export interface Chunk {
  readonly lines: string[];
  /** When the file was last written; what lines without a time of their own are dated by. */
  readonly writtenAt: Date;
}

const tailBytes = 1024 * 1024;
const nextBytes = 256 * 1024;

export function createLogFile(path: string): LogFile {
  const splitter = createLineSplitter();
  let offset = 0;
  let inode: number | undefined;

  const read = async (handle: FileHandle, stats: Stats, bytes: number): Promise<string[]> => {
    const buffer = Buffer.allocUnsafe(Math.min(bytes, Math.max(0, stats.size - offset)));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    offset += bytesRead;
    return splitter.push(buffer.subarray(0, bytesRead));
  };

  return {
    tail: (limit) =>
      withFile(path, { lines: [], writtenAt: new Date(0) }, async (handle, stats) => {
        const start = Math.max(0, stats.size - tailBytes);
        offset = start;
        inode = stats.ino;
        splitter.reset();
        const lines = await read(handle, stats, tailBytes);
        // What stands before the first line end is the end of a line that began before.
        if (start > 0) lines.shift();
        return { lines: withText(lines).slice(-limit), writtenAt: stats.mtime };
      }),
    next: () =>
      withFile(path, { lines: [], writtenAt: new Date(0), more: false }, async (handle, stats) => {
        if (stats.size < offset || (inode !== undefined && stats.ino !== inode)) {
          offset = 0;
          splitter.reset();
        }
        inode = stats.ino;
        const lines = await read(handle, stats, nextBytes);
        return { lines: withText(lines), writtenAt: stats.mtime, more: offset < stats.size };
      }),
    rest: () => withText(splitter.rest()),
  };
}

function withText(lines: readonly string[]): string[] {
  return lines.filter((line) => !isBlank(line));
}

/** Only a plain file is read, never through a link: what stands in the directory is not ours to trust. */
async function withFile<Result>(
  path: string,
  absent: Result,
  use: (handle: FileHandle, stats: Stats) => Promise<Result>,
): Promise<Result> {
  const handle = await openPlainly(path);
  if (!handle) return absent;
  try {
    const stats = await handle.stat();
    return stats.isFile() ? await use(handle, stats) : absent;
  } finally {
    await handle.close();
  }
}

async function openPlainly(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
