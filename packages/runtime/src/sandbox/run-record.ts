/**
 * Which run of an instance is alive: process 1 of its namespace, named by boot, pid and start time, as it wrote it down
 * itself (`namespace.sh`). When that process is gone the kernel has ended all others of the namespace.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOver, processStat } from '@tidepool/core';

export interface RunRecord {
  readonly boot: string;
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
  /** The pid of its parent, pasta. */
  readonly pasta: number;
  readonly jobId: string;
  /** Made up by whoever launched it. */
  readonly runId: string;
}

/** The run on record in the directory `state`, where it is alive and belongs to user `uid`. */
export function liveRun(state: string, uid: number): RunRecord | null {
  const run = parseRecord(readIfThere(join(state, 'run')) ?? '');
  return run !== null && isAlive(run, uid) ? run : null;
}

/** Whether the file system inside stands: its first program says so by writing down the run's id. */
export function isUp(state: string, run: RunRecord): boolean {
  return readIfThere(join(state, 'up'))?.trim() === run.runId;
}

export function isAlive({ boot, pid, startTime }: RunRecord, uid: number): boolean {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === null || stat === '' || boot !== bootId()) return false;
  const found = processStat(stat);
  // A zombie is past the point where the kernel has ended its namespace.
  if (found.startTime !== startTime || isOver(found.state)) return false;
  // The record lies in a directory of the sandbox user: it must not make root act on somebody else's process.
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid;
}

/** Pids of the children of a process with one thread; none where it is gone. */
export function childrenOf(pid: number): number[] {
  const list = readIfThere(`/proc/${pid}/task/${pid}/children`) ?? '';
  return list.split(' ').filter(Boolean).map(Number);
}

export function commandLine(pid: number): string[] {
  return (readIfThere(`/proc/${pid}/cmdline`) ?? '').split('\0');
}

function parseRecord(line: string): RunRecord | null {
  const [, boot, pid, startTime, pasta, jobId, runId] = /^(\S+) (\d+) (\d+) (\d+) (\S+) (\S+)\n$/.exec(line) ?? [];
  if (!boot || !pid || !startTime || !pasta || !jobId || !runId) return null;
  return { boot, pid: Number(pid), startTime, pasta: Number(pasta), jobId, runId };
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Null where the file, or the process it tells of, is gone. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ESRCH: a process that ended while its file was read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null;
    throw error;
  }
}
