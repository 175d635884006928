/** code-server in a sandbox of pasta and bubblewrap as one would start it by hand: two programs, a relay, no bookkeeping. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { encodeTarget } from '@tidepool/caddy';
import { workspacePath } from '@tidepool/core';
import { ensureSandboxUser, findTree } from '@tidepool/runtime';
import type { Tidepool } from '../e2e/tidepool.ts';

export interface ByHand {
  /** Puts the address's file into the directory of a route. */
  writeRoute(directory: string): Promise<void>;
  end(): Promise<void>;
}

export async function startByHand(tidepool: Tidepool, name: string): Promise<ByHand> {
  const user = await ensureSandboxUser();
  const instance = name.replaceAll('-', '');
  const relay = `${tidepool.home}/relay/${instance}`;
  const home = `${tidepool.home}/sandboxes/${name}`;
  for (const directory of [relay, home, `${home}/project`]) {
    await mkdir(directory, { recursive: true });
    if (user.drop) await chown(directory, user.uid, user.gid);
  }
  const socat = `socat UNIX-LISTEN:${relay}/8080.sock,fork TCP4:127.0.0.1:8080 & exec "$@"`;
  const pasta = [
    '--quiet',
    '--foreground',
    '--config-net',
    '--no-map-gw',
    '-t',
    'none',
    '-u',
    'none',
    '-T',
    'none',
    '-U',
    'none',
  ];
  const child = spawn(
    'pasta',
    [...pasta, '--', 'sh', '-c', socat, 'relay', ...bwrap(await imageTree(tidepool), home, name)],
    {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
      stdio: 'ignore',
      detached: true,
      ...(user.drop ? { uid: user.uid, gid: user.gid } : {}),
    },
  );
  return {
    writeRoute: (directory) => writeFile(`${directory}/${encodeTarget({ kind: 'unix', instance, port: 8080 })}`, ''),
    async end() {
      await killed(child);
      for (const path of [relay, home, `${tidepool.home}/routes/${name}`])
        await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function bwrap(image: string, home: string, name: string): string[] {
  const system = ['/bin', '/lib', '/lib64', '/sbin'].flatMap((path) => ['--symlink', `usr${path}`, path]);
  return [
    ...[
      'bwrap',
      '--unshare-user',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--die-with-parent',
      '--clearenv',
    ],
    ...['--setenv', 'HOME', '/home/dev', '--setenv', 'PATH', '/usr/bin:/bin'],
    ...[
      '--ro-bind',
      '/usr',
      '/usr',
      ...system,
      '--ro-bind',
      '/etc/ssl',
      '/etc/ssl',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/tmp',
    ],
    ...['--ro-bind', image, '/opt/tidepool', '--bind', home, '/home/dev', '--chdir', '/home/dev/project', '--'],
    ...[
      '/opt/tidepool/bin/node',
      '/opt/tidepool/lib/code-server/out/node/entry.js',
      '--auth',
      'none',
      '--bind-addr',
      '127.0.0.1:8080',
    ],
    ...['--abs-proxy-base-path', workspacePath(name).slice(0, -1), '--disable-telemetry', '--disable-update-check'],
    ...['--disable-workspace-trust', '--disable-getting-started-override', '/home/dev/project'],
  ];
}

async function imageTree(tidepool: Tidepool): Promise<string> {
  const images = tidepool.env.TIDEPOOL_IMAGES ?? `${tidepool.home}/images`;
  const image = await findTree(images);
  if (image === null) throw new Error(`no image in ${images}`);
  return image.directory;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // The group: pasta, and the relay that it started.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}
