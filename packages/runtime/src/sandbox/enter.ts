/** Ways into a running sandbox from the host: its network alone (relays, the wall), or all of it (`exec`). */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { TidepoolError } from '@tidepool/core';
import { guestEnvironment } from './guest-environment.ts';
import { guestUser } from './guest-etc.ts';
import { toolEnvironment } from './launcher.ts';
import { childrenOf, commandLine, type RunRecord } from './run-record.ts';
import { asSandboxUser, type SandboxUser } from './sandbox-user.ts';

/** As in a terminal. The project's folder may be gone: its owner can remove it. */
export const inProject = `umask 022
profile=/opt/tidepool/share/profile
if [ -r "$profile" ]; then . "$profile"; fi
unset profile
cd "$0" 2>/dev/null || cd
exec "$@"`;

/** A command in the run's network and pid namespace, outside bwrap: root of that network, with the host's files. */
export function inNetwork(run: RunRecord, command: readonly string[]): string[] {
  return [
    '/usr/bin/nsenter',
    '--target',
    String(run.pid),
    '-U',
    '-n',
    '-p',
    '--preserve-credentials',
    '--',
    ...command,
  ];
}

/**
 * A command inside bwrap, as the guest. Two steps, because the network belongs to pasta's user namespace and the rest to
 * bwrap's, which is a child of it; in one step the kernel refuses. @throws `instance_not_running`
 */
export function inGuest(run: RunRecord, name: string, command: readonly string[]): string[] {
  const environment = Object.entries(guestEnvironment(name)).map(([key, value]) => `${key}=${value}`);
  const target = String(guestRoot(run));
  return [
    ...['/usr/bin/nsenter', '--target', String(run.pid), '-U', '-n', '--preserve-credentials', '--'],
    ...['/usr/bin/nsenter', '--target', target, '-U', '-m', '-p', '-i', '-u', '--preserve-credentials', '--'],
    ...['/usr/bin/env', '-i', ...environment, '/usr/bin/setpriv', '--no-new-privs', '--'],
    ...['/bin/sh', '-c', inProject, guestUser.project, ...command],
  ];
}

/** The guest's own first program (code-server), which bwrap's process 1 started; null while it is not there. */
export function guestMain(run: RunRecord): number | null {
  const bwrap = bwrapOf(run);
  const root = bwrap === undefined ? undefined : childrenOf(bwrap)[0];
  return (root === undefined ? undefined : childrenOf(root)[0]) ?? null;
}

/** Runs a tool as the sandbox user, with `input`; its output. @throws Error with what it said where it fails or takes 10 s */
export async function runTool(argv: readonly string[], user: SandboxUser, input = ''): Promise<string> {
  const [program = '', ...rest] = argv;
  const signal = AbortSignal.timeout(10_000);
  const child = spawn(program, rest, { cwd: '/', env: toolEnvironment, signal, ...asSandboxUser(user) });
  // It may end without reading: its exit code tells.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${errors.trim()}`);
  return output;
}

/** bwrap's process 1 in the guest's own pid namespace, by its pid on the host. */
function guestRoot(run: RunRecord): number {
  const bwrap = bwrapOf(run);
  const root = bwrap === undefined ? undefined : childrenOf(bwrap)[0];
  if (root === undefined) throw new TidepoolError('instance_not_running');
  return root;
}

function bwrapOf(run: RunRecord): number | undefined {
  return childrenOf(run.pid).find((pid) => commandLine(pid)[0] === 'bwrap');
}
