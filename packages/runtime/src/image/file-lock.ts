/**
 * A lock between processes that the kernel lets go of when its holder is gone, however it ended. Node has no flock(2),
 * so flock(1) takes it on a descriptor that it shares with us: the lock belongs to the open file, and stays ours.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

export interface FileLock {
  /** Lets go of it. The file stays: removing it would let two hold two locks of one name. */
  release(): Promise<void>;
}

/** Null where somebody else holds it and `wait` is false. Waiting ends with the signal. */
export async function lockFile(
  path: string,
  { wait, signal }: { readonly wait: boolean; readonly signal?: AbortSignal },
): Promise<FileLock | null> {
  signal?.throwIfAborted();
  const file = await open(path, 'a', 0o600);
  try {
    const code = await flock(file.fd, wait, signal);
    if (code === 0) return { release: () => file.close() };
    if (code !== 1) throw new Error(`flock of ${path} ended with ${code}`);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

async function flock(descriptor: number, wait: boolean, signal: AbortSignal | undefined): Promise<unknown> {
  const child = spawn('flock', ['--exclusive', ...(wait ? [] : ['--nonblock']), '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    ...(signal === undefined ? {} : { signal }),
  });
  const [code] = await once(child, 'close');
  signal?.throwIfAborted();
  return code;
}
