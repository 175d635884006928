/** Launching a run: `tart run`, detached, with the workspace's log as its output, so that it outlives the worker. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TidepoolError } from '@tidepool/core';
import type { ForStart, InstanceSpec } from '../runtime.ts';
import { runLog } from './run-log.ts';
import { newestRun, noteEnd } from './run-record.ts';
import { tartFailure } from './tart-failure.ts';
import type { TartHome } from './tart-home.ts';
import { machineOf } from './virtual-machines.ts';

const launcher = fileURLToPath(new URL('launch.sh', import.meta.url));

/**
 * Runs the machine of `spec`, as its run of that number, until Tart calls it running. `overtaken`: somebody else has the
 * number.
 * @throws `fence_lost`, `vm_limit`, `instance_failed`
 */
export async function launch(
  home: TartHome,
  spec: InstanceSpec,
  number: number,
  { fence, jobId, signal }: ForStart,
): Promise<'running' | 'overtaken'> {
  const { runs, guest } = home.paths(spec.id);
  mkdirSync(spec.logDirectory, { recursive: true });
  const logFile = join(spec.logDirectory, 'instance.log');
  const log = openSync(logFile, 'a', 0o640);
  const note = { jobId, logFile, logStart: fstatSync(log).size };
  const fences = home.fences.directory(spec.id);
  const argv = [
    ...[launcher, runs, String(number), JSON.stringify(note), fences, String(fence)],
    ...[home.tart.program, 'run', home.vmName(spec.id)],
    ...['--no-graphics', '--no-audio', '--no-clipboard'],
    // No other machine and no private network can be reached.
    '--net-softnet',
    `--dir=${guest}:ro,tag=tidepool`,
  ];
  const options = { cwd: '/', env: { ...home.tart.environment }, detached: true };
  const child = spawn('/bin/sh', argv, { ...options, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  try {
    return await running(home, spec.id, child, signal);
  } catch (error) {
    child.kill('SIGKILL');
    // The number may be another launcher's.
    if (newestRun(runs)?.pid === child.pid) noteEnd(runs, { number });
    if (!(error instanceof EndedEarly)) throw error;
    const what = `The machine of the workspace did not start: it ended with ${error.status}.`;
    throw tartFailure(what, runLog(note), { code: 'instance_failed' });
  }
}

class EndedEarly extends Error {
  readonly status: number | string;
  constructor(status: number | string) {
    super(`ended with ${status}`);
    this.status = status;
  }
}

async function running(
  home: TartHome,
  id: string,
  child: ChildProcess,
  signal: AbortSignal,
): Promise<'running' | 'overtaken'> {
  let ended: number | string | null = null;
  child.once('exit', (code, name) => {
    ended = code ?? name;
  });
  child.once('error', (error) => {
    ended = error.message;
  });
  for (
    const end = performance.now() + home.limits.launch;
    performance.now() < end;
    await sleep(100, undefined, { signal })
  ) {
    const machine = await machineOf(home, id, signal);
    if (ended === 75) return 'overtaken';
    if (ended === 76) throw new TidepoolError('fence_lost');
    if (ended !== null) throw new EndedEarly(ended);
    if (machine?.running) return 'running';
  }
  const detail = `The machine of the workspace did not run after ${home.limits.launch / 1000} s.`;
  throw new TidepoolError('instance_failed', { detail });
}
