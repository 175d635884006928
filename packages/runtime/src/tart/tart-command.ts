/** The `tart` command line, by argument lists. What it takes and says was read in its source as of May 2026. */
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { type ErrorCode, TidepoolError } from '@tidepool/core';
import { hasCode } from '../file-errors.ts';
import { tartFailure } from './tart-failure.ts';

export interface TartOptions {
  /** A path, or a name to be found on `toolPath`. */
  readonly program: string;
  /** Where Tart keeps its virtual machines (its own `TART_HOME`); null: `~/.tart`. */
  readonly tartHome: string | null;
}

export interface Tart {
  readonly program: string;
  /** What its processes find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `tart ARGUMENTS`; gives what it printed. @throws `runtime_missing`, `runtime_unavailable`, and what `tartFailure` makes of its words */
  run(args: readonly string[], signal: AbortSignal, limitMs?: number): Promise<string>;
}

/** Where programs are on a Mac: Homebrew's two places, then the system's. */
export const toolPath = '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** Longest wait, in ms, for a command that only looks or notes something. */
const usualLimit = 30_000;

export function createTart({ program, tartHome }: TartOptions): Tart {
  const environment = {
    PATH: toolPath,
    HOME: homedir(),
    // A clone would else make room by deleting images that the owner has pulled.
    TART_NO_AUTO_PRUNE: '1',
    ...(tartHome === null ? {} : { TART_HOME: tartHome }),
  };
  return {
    program,
    environment,
    async run(args, signal, limitMs = usualLimit) {
      signal.throwIfAborted();
      const deadline = AbortSignal.timeout(limitMs);
      const options = { env: environment, killSignal: 'SIGKILL', maxBuffer: 16 * 2 ** 20 } as const;
      try {
        const both = AbortSignal.any([signal, deadline]);
        return (await promisify(execFile)(program, [...args], { ...options, cwd: '/', signal: both })).stdout;
      } catch (error) {
        signal.throwIfAborted();
        throw translated(error, args[0] ?? '', deadline.aborted ? limitMs : null);
      }
    },
  };
}

function translated(error: unknown, command: string, passedLimit: number | null): unknown {
  if (passedLimit !== null) {
    const detail = `"tart ${command}" did not end within ${passedLimit / 1000} s.`;
    return new TidepoolError('runtime_unavailable', { detail, passing: true, cause: error });
  }
  if (hasCode(error, 'ENOENT') || hasCode(error, 'EACCES')) return missing(error);
  if (!(error instanceof Error && 'stderr' in error && typeof error.stderr === 'string')) return error;
  return tartFailure(`"tart ${command}" failed.`, error.stderr, unknown(command), error);
}

/** A failure to look says nothing about the machine. */
function unknown(command: string): { code: ErrorCode; passing: boolean } {
  return ['list', 'get', 'ip', 'exec', '--version'].includes(command)
    ? { code: 'runtime_unavailable', passing: true }
    : { code: 'instance_failed', passing: false };
}

function missing(cause: unknown): TidepoolError {
  const fix = 'Install Tart as docs/tart.md says, or name the program in TIDEPOOL_TART, then retry.';
  return new TidepoolError('runtime_missing', { detail: 'The program "tart" cannot be run.', fix, cause });
}
