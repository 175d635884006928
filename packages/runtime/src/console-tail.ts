/** The end of what an instance printed. */
import { open } from 'node:fs/promises';
import { hasCode } from './file-errors.ts';

/** As the port promises. */
const mostBytes = 64 * 1024;

/** At most 64 KiB, from the beginning of a line; empty where there is no such file. */
export async function consoleTail(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const start = Math.max(0, size - mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, start);
    const text = printable(buffer.subarray(0, bytesRead));
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

/** What is no UTF-8 becomes one character of one byte, so that nothing grows. */
function printable(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\uFFFD', '?');
}
