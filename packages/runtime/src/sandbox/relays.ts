/**
 * Relays: one socat per exposed port, in the sandbox's network but outside bwrap, from a unix socket to 127.0.0.1 inside.
 * They are children of the namespace's first process, so they end with the run; which there are is read from /proc.
 */
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { inNetwork, runTool } from './enter.ts';
import { childrenOf, commandLine, type RunRecord, readIfThere } from './run-record.ts';
import type { SandboxUser } from './sandbox-user.ts';

/** Longest wait for a relay's socket, in ms. */
const relayLimit = 5_000;

/** The directory of sockets: nobody's but the sandbox user's, who has no process that a guest could steer there. */
export function makeRelayDirectory(directory: string, user: SandboxUser): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  if (user.drop) chownSync(directory, user.uid, user.gid);
}

/** Sockets of a run that has ended. */
export function clearRelays(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** Makes `ports` the exposed ones, and no others. `check` is asked right before each change. */
export async function setRelays(
  run: RunRecord,
  user: SandboxUser,
  directory: string,
  ports: readonly number[],
  check: () => void,
): Promise<void> {
  const running = runningRelays(run, directory);
  for (const [port, pids] of running) {
    if (ports.includes(port)) continue;
    check();
    // Each relay leads a process group, of which its connections are the others.
    for (const pid of pids) signalGroup(pid);
    rmSync(join(directory, `${port}.sock`), { force: true });
  }
  await Promise.all(
    ports
      .filter((port) => !running.has(port))
      .map(async (port) => {
        check();
        await startRelay(run, user, join(directory, `${port}.sock`), port);
      }),
  );
}

async function startRelay(run: RunRecord, user: SandboxUser, socket: string, port: number): Promise<void> {
  // No relay has it, so a socket that is there is what is left of one that was killed.
  rmSync(socket, { force: true });
  // -t: how long, in s, one direction may stay open after the other has ended.
  const socat = ['socat', '-t', '60', `UNIX-LISTEN:${socket},fork,mode=600,backlog=256`, `TCP4:127.0.0.1:${port}`];
  await runTool(inNetwork(run, ['setsid', '--fork', ...detached(socat)]), user);
  for (const end = performance.now() + relayLimit; !listens(run, socket); await sleep(5)) {
    if (performance.now() < end) continue;
    const detail = `The relay of port ${port} did not begin to listen.`;
    throw new TidepoolError('runtime_unavailable', { detail, passing: true });
  }
}

/** A bound socket is a file already, but refuses until it listens: flag 0x10000 (__SO_ACCEPTCON) in /proc/net/unix. */
function listens(run: RunRecord, socket: string): boolean {
  const sockets = readIfThere(`/proc/${run.pid}/net/unix`) ?? '';
  return sockets.split('\n').some((line) => line.endsWith(` ${socket}`) && line.split(' ')[3] === '00010000');
}

/** Without our pipes: else whoever started it would wait for it to end. */
function detached(command: readonly string[]): string[] {
  return ['sh', '-c', 'exec "$@" </dev/null >/dev/null 2>&1', 'relay', ...command];
}

function runningRelays(run: RunRecord, directory: string): Map<number, number[]> {
  const relays = new Map<number, number[]>();
  for (const pid of childrenOf(run.pid)) {
    const listen = commandLine(pid).find((word) => word.startsWith(`UNIX-LISTEN:${directory}/`));
    const port = Number(/\/(\d+)\.sock,/.exec(listen ?? '')?.[1] ?? 0);
    if (port > 0) relays.set(port, [...(relays.get(port) ?? []), pid]);
  }
  return relays;
}

function signalGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
