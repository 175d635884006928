/** When processes started, by ps(1): together with the pid that names a process, on macOS as on Linux, where there is no /proc to ask. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hasCode } from '../file-errors.ts';
import { toolPath } from './tart-command.ts';

/** The environment in which ps(1) writes a time always the same way. `launch.sh` has the same. */
const environment = { PATH: toolPath, LC_ALL: 'C', TZ: 'UTC' };

/** Of those of `pids` that live, when each started, in the words of ps. Zombies have ended. */
export async function processStarts(pids: readonly number[], signal: AbortSignal): Promise<Map<number, string>> {
  if (pids.length === 0) return new Map();
  const columns = ['-o', 'pid=', '-o', 'stat=', '-o', 'lstart=', '-p', pids.join(',')];
  const lines = (await ps(columns, signal)).split('\n').map((line) => /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line));
  return new Map(
    lines.flatMap((match) => {
      const [, pid, state, start] = match ?? [];
      return !pid || !start || state?.startsWith('Z') ? [] : [[Number(pid), start]];
    }),
  );
}

async function ps(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    return (await promisify(execFile)('ps', [...args], { env: environment, signal: limit })).stdout;
  } catch (error) {
    // 1: none of them lives.
    if (error instanceof Error && 'code' in error && error.code === 1) return '';
    throw hasCode(error, 'ABORT_ERR') ? (signal.reason ?? error) : error;
  }
}
