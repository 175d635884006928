/**
 * Keeps one process running: started again when it ends, after a delay that doubles from 0.1 s to 10 s and begins anew
 * once it has lived for a minute. One that an earlier supervisor left behind is adopted: watched by its identity, once a
 * second, since only a parent is told of an end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { identify, isAlive, type ProcessIdentity } from '../process-identity.ts';
import type { LogFile } from './log-file.ts';
import type { ProcessRecord } from './process-record.ts';

/** Milliseconds. */
export const delays = { first: 100, most: 10_000, steady: 60_000 };

export interface ProcessSpec {
  readonly name: string;
  /** Asked before each start, with how often it ended in a row before it was steady. */
  readonly command: (failures: number) => readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it gets an IPC channel, by which it learns of our end. */
  readonly ipc: boolean;
  /** `pipe`: lines come to us, and end with us. `file`: appended by the process itself, which may outlive us. */
  readonly output: 'pipe' | 'file';
  /** What it is started as; adopted is only what was started as the same. */
  readonly mark: string;
}

export interface Keeper {
  readonly name: string;
  readonly log: LogFile;
  /** How often it ended by itself since the start, or since it was last steady. */
  failures(): number;
  /** Asks it to end and waits; by force after `patience` milliseconds. It is not started again. */
  stop(request: StopRequest, patience: number): Promise<void>;
  /** Ends it by force; it is started again. */
  renew(): void;
  /** At once, by force. */
  kill(): void;
}

/** A signal, or a message over IPC. */
export type StopRequest = { readonly signal: NodeJS.Signals } | { readonly message: object };

export interface KeeperOptions {
  readonly spec: ProcessSpec;
  readonly logFile: LogFile;
  readonly record: ProcessRecord;
  readonly log: Logger;
  readonly adopt?: ProcessIdentity;
}

export function keep({ spec, logFile, record, log, adopt }: KeeperOptions): Keeper {
  const stopping = new AbortController();
  let failures = 0;
  let child: ChildProcess | null = null;
  let identity: ProcessIdentity | null = adopt ?? null;

  const kept = (async () => {
    for (let first = true; !stopping.signal.aborted; first = false) {
      const since = performance.now();
      if (first && adopt) {
        log.info({ process: spec.name, child: adopt.pid }, 'adopted');
        await ended(adopt, 1000, stopping.signal);
      } else {
        const code = await run();
        if (!stopping.signal.aborted) log.warn({ process: spec.name, code }, 'ended');
      }
      if (stopping.signal.aborted) return;
      failures = performance.now() - since > delays.steady ? 1 : failures + 1;
      await sleep(Math.min(delays.first * 2 ** (failures - 1), delays.most), undefined, {
        signal: stopping.signal,
      }).catch(() => {});
    }
  })();

  function run(): Promise<number | string | null> {
    let started: ChildProcess;
    try {
      started = start();
    } catch (error) {
      // Such as a full disk, where a file is needed for its start. It is tried again like one that ended.
      const reason = error instanceof Error ? error.message : String(error);
      logFile.write(`${reason}\n`);
      return Promise.resolve(reason);
    }
    child = started;
    identity = started.pid === undefined ? null : identify(started.pid);
    if (identity) record.note(spec.name, { ...identity, mark: spec.mark });
    log.info({ process: spec.name, child: started.pid }, 'started');
    return new Promise((resolve) => {
      const over = (result: number | string | null) => {
        child = null;
        identity = null;
        record.note(spec.name, null);
        resolve(result);
      };
      started.once('exit', (code, signal) => over(code ?? signal));
      started.on('error', (error) => {
        logFile.write(`${error.message}\n`);
        if (started.pid === undefined) over(error.message);
      });
    });
  }

  function start(): ChildProcess {
    const [program, ...args] = spec.command(failures);
    const ipc = spec.ipc ? (['ipc'] as const) : [];
    if (spec.output === 'file') {
      const file = logFile.open();
      try {
        return spawn(program, args, { env: spec.env, detached: true, stdio: ['ignore', file, file, ...ipc] });
      } finally {
        closeSync(file);
      }
    }
    const piped = spawn(program, args, { env: spec.env, detached: true, stdio: ['ignore', 'pipe', 'pipe', ...ipc] });
    for (const stream of [piped.stdout, piped.stderr]) stream?.setEncoding('utf8').on('data', logFile.write);
    return piped;
  }

  return {
    name: spec.name,
    log: logFile,
    failures: () => failures,
    async stop(request, patience) {
      stopping.abort();
      const target = identity;
      if (target === null) return;
      if ('message' in request && child?.connected) child.send(request.message);
      else signalTo(target, 'signal' in request ? request.signal : 'SIGTERM');
      const over = new AbortController();
      const forced = sleep(patience, 'late' as const, { signal: over.signal }).catch(() => 'in time' as const);
      const gone = ended(target, 20, over.signal).then(() => 'in time' as const);
      if ((await Promise.race([gone, forced])) === 'late') {
        log.warn({ process: spec.name }, 'did not end in time');
        signalTo(target, 'SIGKILL');
      }
      over.abort();
      await ended(target, 20, AbortSignal.timeout(5_000));
      record.note(spec.name, null);
      await kept;
    },
    renew() {
      if (identity) signalTo(identity, 'SIGKILL');
    },
    kill() {
      stopping.abort();
      if (identity) signalTo(identity, 'SIGKILL');
    },
  };
}

/** Waits for the end of a process, ours or not. */
async function ended(identity: ProcessIdentity, everyMs: number, signal: AbortSignal): Promise<void> {
  while (isAlive(identity) && !signal.aborted) await sleep(everyMs, undefined, { signal }).catch(() => {});
}

function signalTo(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isAlive(identity)) process.kill(identity.pid, signal);
}
