/** What an instance printed, from the file that LXC writes on this machine, else from what Incus remembers of its console. */
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import type { IncusHome } from './incus-home.ts';
import { labels } from './incus-home.ts';

const most = 64 * 1024;
/**
 * Milliseconds after which an empty file is read again: as an instance ends, LXC empties it and writes it anew from its
 * buffer (`lxc_terminal_write_ringbuffer`).
 */
const againMs = 100;

/** @throws `instance_not_found` */
export async function readConsole(home: IncusHome, id: string, signal: AbortSignal): Promise<string> {
  const found = await home.find(id, signal);
  if (found === null) throw new TidepoolError('instance_not_found');
  const file = found.value.config[labels.log] ?? '';
  const text = home.local && file !== '' ? await printedTo(file, signal) : await remembered(home, id, signal);
  return text.toString('utf8');
}

async function printedTo(file: string, signal: AbortSignal): Promise<Buffer> {
  const text = await lastOf(file);
  if (text.length > 0) return text;
  await sleep(againMs, undefined, { signal });
  return lastOf(file);
}

async function remembered(home: IncusHome, id: string, signal: AbortSignal): Promise<Buffer> {
  return Buffer.from(await home.client.text(home.instancePath(id, '/console'), signal)).subarray(-most);
}

async function lastOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    // Its workspace was given another log directory, or none has been written yet.
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, most);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
