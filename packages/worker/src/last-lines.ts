/** The end of a log file, to show with a failure. */
import { open } from 'node:fs/promises';

/** Enough for a stack trace; a log may be many MiB. */
const tailBytes = 8192;

/** At most `count` lines that are not empty; none where the file is not there. */
export async function lastLines(path: string, count: number): Promise<string[]> {
  return lastOf(await readTail(path), count);
}

/** The same of a text. */
export function lastOf(text: string, count: number): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}

async function readTail(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
