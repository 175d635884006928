/** A child process with its streams passed through, as `exec` of every adapter needs it. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ExecStreams } from './runtime.ts';

export interface CommandPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Runs `argv` in a process group of its own until it and everybody who holds its output has ended. Aborting kills the
 * whole group. Resolves with the exit code, 128 + signal where a signal ended it.
 */
export function runCommand(
  argv: readonly string[],
  streams: ExecStreams,
  signal: AbortSignal,
  place: CommandPlace,
): Promise<number> {
  const [program, ...rest] = argv;
  if (program === undefined) throw new Error('no command given');
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, rest, {
    ...place,
    detached: true,
    stdio: [streams.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  child.stdout?.pipe(streams.stdout, { end: false });
  child.stderr?.pipe(streams.stderr, { end: false });
  // A command may end without reading what it is sent: that is its own affair, and its exit code tells.
  child.stdin?.on('error', () => {});
  if (child.stdin) streams.stdin?.pipe(child.stdin);

  const kill = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  signal.addEventListener('abort', kill, { once: true });
  child.once('error', reject);
  child.once('close', (code, name) => resolve(code ?? 128 + (name === null ? 0 : constants.signals[name])));
  return promise.finally(() => {
    signal.removeEventListener('abort', kill);
    if (child.stdin) streams.stdin?.unpipe(child.stdin);
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended on its own in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
