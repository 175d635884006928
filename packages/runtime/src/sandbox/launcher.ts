/**
 * Starting a run: pasta, in it `namespace.sh`, in it bwrap, in it the guest. The tree is detached and writes to files, so it
 * outlives the worker; whatever moment the worker is killed at leaves a run that is on record, or none.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { replaceFile } from '../replace-file.ts';
import { isUp, liveRun, type RunRecord } from './run-record.ts';
import { asSandboxUser, type SandboxUser } from './sandbox-user.ts';

/** No more of the host's environment than where its programs are. */
export const toolEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Longest wait for the guest's file system to stand, in ms; 100 is usual. */
const launchLimit = 20_000;

export interface Launch {
  readonly command: readonly string[];
  readonly user: SandboxUser;
  readonly state: string;
  /** Appended to. */
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/**
 * Runs `command` until its guest's file system stands, or until the run of another launcher does.
 * @throws `fence_lost`, `instance_failed`
 */
export async function launch({ command, user, state, logFile, signal }: Launch): Promise<RunRecord> {
  signal.throwIfAborted();
  const [program = '', ...rest] = command;
  const log = openSync(logFile, 'a', 0o640);
  const logStart = fstatSync(log).size;
  const options = { cwd: '/', env: toolEnvironment, detached: true, ...asSandboxUser(user) };
  const child = spawn(program, rest, { ...options, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  try {
    return await standing(child, state, user, signal);
  } catch (error) {
    child.kill('SIGKILL');
    if (!(error instanceof TidepoolError) || error.code !== 'instance_failed') throw error;
    const said = lastLines(readFrom(logFile, logStart));
    throw said === ''
      ? error
      : new TidepoolError('instance_failed', { detail: `${error.message} ${said}`, cause: error });
  }
}

/** The guest may have stretched its log to any size. */
const mostRead = 64 * 1024;

function readFrom(file: string, start: number): string {
  const log = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(mostRead);
    return buffer.toString('utf8', 0, readSync(log, buffer, 0, mostRead, start));
  } finally {
    closeSync(log);
  }
}

async function standing(
  child: ChildProcess,
  state: string,
  user: SandboxUser,
  signal: AbortSignal,
): Promise<RunRecord> {
  let ended: number | string | null = null;
  child.once('exit', (code, name) => {
    ended = code ?? name;
  });
  child.once('error', (error) => {
    ended = error.message;
  });
  for (const end = performance.now() + launchLimit; performance.now() < end; ) {
    signal.throwIfAborted();
    const run = liveRun(state, user.uid);
    if (run !== null && isUp(state, run)) return run;
    if (ended === 76) throw new TidepoolError('fence_lost');
    // 75: another launcher was first; its run is the one to wait for, where it comes to live.
    if (ended !== null && (ended !== 75 || run === null)) throw failed(`It ended with ${ended}.`);
    await sleep(5);
  }
  throw failed(`It did not stand after ${launchLimit / 1000} s.`);
}

/** What a failed launch wrote is short: pasta's, nft's or bwrap's own words. */
function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').slice(-600);
}

function failed(detail: string): TidepoolError {
  return new TidepoolError('instance_failed', { detail: `The machine of the workspace did not start. ${detail}` });
}

/** Copies our scripts to where the sandbox user can read them: the source may lie in a closed directory. Gives their directory. */
export function installScripts(sandboxes: string): string {
  const scripts = ['namespace.sh', 'guest.sh', 'editor.cjs'].map((name) => {
    return { name, content: readFileSync(new URL(name, import.meta.url), 'utf8') };
  });
  const hash = createHash('sha256').update(JSON.stringify(scripts)).digest('hex').slice(0, 12);
  const directory = join(sandboxes, '.launcher', hash);
  mkdirSync(directory, { recursive: true });
  for (const { name, content } of scripts) replaceFile(join(directory, name), content);
  return directory;
}
