/** The Incus daemon as a process: where its program is, which ones run, starting one without systemd, ending it. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { findProgram } from '../preflight/find-program.ts';
import type { Host } from '../preflight/host.ts';
import { identify, isAlive, type ProcessIdentity } from '../process-identity.ts';

export const defaultDirectory = '/var/lib/incus';
const lxcfsDirectory = '/var/lib/lxcfs';

/** Debian's and Ubuntu's place first, then that of its maker's packages and of other systems. */
const places = ['/usr/libexec/incus', '/opt/incus/bin', '/usr/lib/incus', '/usr/sbin', '/usr/bin'];

export function findIncusd(host: Host): string | null {
  return places.map((place) => `${place}/incusd`).find((path) => host.exists(path)) ?? null;
}

/** The daemons that run on this host, with the directory that each keeps. Seen by root only. */
export function runningDaemons(): { readonly pid: number; readonly directory: string }[] {
  return processes().flatMap((pid) => {
    const words = readProcess(pid, 'cmdline').split('\0');
    // Its short-lived helpers (`incusd forkstart …`, `incusd waitready`) are the same program with a command.
    if (!words[0]?.endsWith('/incusd') || /^[a-z]/.test(words[1] ?? '')) return [];
    const variable = readProcess(pid, 'environ')
      .split('\0')
      .find((entry) => entry.startsWith('INCUS_DIR='));
    return [{ pid: Number(pid), directory: variable?.slice('INCUS_DIR='.length) || defaultDirectory }];
  });
}

export interface StartOptions {
  /** Whether there is a group incus-admin, which may then use the socket. */
  readonly hasGroup: boolean;
  /** Of whoever starts it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As its init script does it, but with a log and a directory of its own where INCUS_DIR says so. */
export function startIncusd(program: string, directory: string, { hasGroup, env }: StartOptions): ProcessIdentity {
  const log = daemonLog(directory);
  mkdirSync(dirname(log), { recursive: true, mode: 0o711 });
  endLeftDnsmasq(directory);
  const argv = [program, ...(hasGroup ? ['--group', 'incus-admin'] : [])];
  return startDetached(argv, { ...daemonEnvironment(program, directory), ...proxies(env) }, log);
}

/**
 * Ends what gave the bridges of the last daemon their addresses: the next one begins that anew. It would end it itself, but
 * knows of it only from half a second after its start on. What a daemon leaves that is killed before keeps its port, and no
 * daemon after it could raise that bridge. One inside a container, whose own Incus has a directory of that name, is not it.
 */
function endLeftDnsmasq(directory: string): void {
  for (const pid of processes()) {
    const found = identify(Number(pid));
    const [program = '', ...words] = readProcess(pid, 'cmdline').split('\0');
    if (basename(program) !== 'dnsmasq' || !words.some((word) => word.includes(`=${directory}/networks/`))) continue;
    if (found === null || !isAlive(found) || pidNamespace(pid) !== pidNamespace('self')) continue;
    try {
      process.kill(found.pid, 'SIGKILL');
    } catch (error) {
      // It ended by itself at that moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Null where it ended, or is not ours to look at. */
function pidNamespace(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** @throws TidepoolError `runtime_unavailable` with where its log is */
export async function waitUntilReady(host: Host, program: string, directory: string): Promise<void> {
  const environment = Object.entries(daemonEnvironment(program, directory)).map(([name, value]) => `${name}=${value}`);
  const patience = performance.now() + 60_000;
  // Each try is short, so that a daemon that ended is not waited for.
  while ((await host.run(['env', ...environment, program, 'waitready', '--timeout=5'])).code !== 0) {
    if (runningDaemons().some((daemon) => daemon.directory === directory) && performance.now() < patience) continue;
    throw new TidepoolError('runtime_unavailable', {
      detail: 'The Incus daemon was started, but does not answer.',
      fix: `See ${daemonLog(directory)}, then run \`tidepool setup incus\` again.`,
    });
  }
}

/** The file system that shows a container its own limits in /proc. One serves all daemons. */
export function lxcfsRuns(host: Host): boolean {
  return host.exists(`${lxcfsDirectory}/proc`);
}

/** @returns null where it is not installed or ends at once: Incus does without it */
export async function startLxcfs(host: Host, log: string): Promise<ProcessIdentity | null> {
  const program = findProgram(host, 'lxcfs');
  if (program === null) return null;
  // One that was killed leaves a mount behind that answers nobody.
  if (mounts().includes(lxcfsDirectory)) await host.run(['umount', '--lazy', lxcfsDirectory]);
  mkdirSync(lxcfsDirectory, { recursive: true });
  const started = startDetached([program, lxcfsDirectory], { PATH: systemPath }, log);
  for (const end = performance.now() + 10_000; !lxcfsRuns(host); await sleep(20)) {
    if (isAlive(started) && performance.now() < end) continue;
    return null;
  }
  spare(started.pid);
  return started;
}

/** As its own service does: where the kernel runs out of memory it is the last to go, since every container's /proc goes with it. */
function spare(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '-1000');
  } catch (error) {
    // Where root may not (CAP_SYS_RESOURCE) it goes when others go.
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error;
  }
}

/** Asks it to end and waits. Containers of it go on. @returns whether it ended within a minute */
export async function endProcess(identity: ProcessIdentity): Promise<boolean> {
  if (isAlive(identity)) process.kill(identity.pid, 'SIGTERM');
  for (const end = performance.now() + 60_000; isAlive(identity); await sleep(50)) {
    if (performance.now() > end) return false;
  }
  return true;
}

/** The mount points of this host that lie in `directory`, deepest first. */
export function mountsIn(directory: string): string[] {
  const inside = mounts().filter((point) => point.startsWith(`${directory}/`));
  return inside.sort((one, other) => other.length - one.length);
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function daemonLog(directory: string): string {
  return directory === defaultDirectory ? '/var/log/incus/incus.log' : join(directory, 'incusd.log');
}

function daemonEnvironment(program: string, directory: string): Readonly<Record<string, string>> {
  return {
    PATH: `${dirname(program)}:${systemPath}`,
    HOME: '/root',
    LANG: 'C.UTF-8',
    ...(directory === defaultDirectory ? {} : { INCUS_DIR: directory }),
  };
}

/** An office's way to the internet is the daemon's too. */
function proxies(env: StartOptions['env']): Readonly<Record<string, string>> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  const known = names.map((name) => [name, env[name]] as const);
  return Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** In a session of its own, so that neither the terminal's end nor ours is its. */
function startDetached(argv: readonly string[], env: Readonly<Record<string, string>>, log: string): ProcessIdentity {
  const [program = '', ...rest] = argv;
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn(program, rest, {
      detached: true,
      stdio: ['ignore', output, output],
      cwd: '/',
      env: { ...env },
    });
    // What comes of it shows in whether it answers.
    child.on('error', () => {});
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (identity !== null) return identity;
    throw new TidepoolError('runtime_unavailable', { detail: `${program} cannot be started.`, fix: `See ${log}.` });
  } finally {
    closeSync(output);
  }
}

function mounts(): string[] {
  const lines = readFileSync('/proc/mounts', 'utf8').split('\n');
  return lines.map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '));
}

function readProcess(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended while we looked, or it is somebody else's.
    return '';
  }
}
