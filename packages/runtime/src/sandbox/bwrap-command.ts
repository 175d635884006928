/** bubblewrap's command line: what a guest sees as its machine. */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { guestEnvironment } from './guest-environment.ts';
import { guestTree, guestUser, hostEtc } from './guest-etc.ts';

export interface BwrapOptions {
  readonly name: string;
  readonly memoryMiB: number;
  /** The image's tree, seen at `/opt/tidepool`. */
  readonly image: string;
  readonly home: string;
  /** A directory and its files, put into the guest's `/etc`. */
  readonly etc: { readonly directory: string; readonly files: readonly string[] };
  /** The directory of our scripts. */
  readonly scripts: string;
  readonly runId: string;
}

/** Where the guest sees them. */
export const guestScripts = { guest: '/run/tidepool/guest.sh', editor: '/run/tidepool/editor.cjs' } as const;

export function bwrapCommand(options: BwrapOptions, command: readonly string[]): string[] {
  const { name, image, home, etc, scripts, runId, memoryMiB } = options;
  const environment = Object.entries(guestEnvironment(name)).flatMap(([key, value]) => ['--setenv', key, value]);
  // Files in /tmp are memory: no more of it than the workspace was given.
  const temporary = (path: string) => ['--perms', '1777', '--size', String(memoryMiB * 2 ** 19), '--tmpfs', path];
  return [
    'bwrap',
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session'],
    ...['--uid', String(guestUser.uid), '--gid', String(guestUser.gid), '--hostname', name],
    ...['--clearenv', ...environment],
    ...systemDirectories(),
    ...['--proc', '/proc', '--dev', '/dev', ...temporary('/dev/shm'), ...temporary('/tmp'), ...temporary('/var/tmp')],
    ...['--perms', '0755', '--tmpfs', '/run', '--symlink', '/run', '/var/run'],
    ...hostEtc.filter((file) => existsSync(join('/etc', file))).flatMap((file) => bindReadOnly(join('/etc', file))),
    ...etc.files.flatMap((file) => ['--ro-bind', join(etc.directory, file), join('/etc', file)]),
    ...['--symlink', '/proc/self/mounts', '/etc/mtab'],
    ...['--ro-bind', join(scripts, 'guest.sh'), guestScripts.guest],
    ...['--ro-bind', join(scripts, 'editor.cjs'), guestScripts.editor],
    ...['--ro-bind', image, guestTree, '--bind', home, guestUser.home],
    ...['--remount-ro', '/', '--remount-ro', '/run', '--chdir', '/'],
    ...['--', '/bin/sh', guestScripts.guest, runId, ...command],
  ];
}

/** `/usr` as it is, and beside it what the host has there: links into it on merged systems, directories on others. */
function systemDirectories(): string[] {
  const beside = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((path) => {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return [];
    return entry.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : bindReadOnly(path);
  });
  return [...bindReadOnly('/usr'), ...beside];
}

function bindReadOnly(path: string): string[] {
  return ['--ro-bind', path, path];
}
