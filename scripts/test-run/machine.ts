/** What the tests need of a Linux machine: as root on Debian or Ubuntu it is installed, elsewhere the commands are named. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isProgramThere } from './program.ts';

interface Need {
  /** Debian's name. */
  readonly package: string;
  /** What of it is looked for: a program on the PATH, or a file. */
  readonly has: string;
}

const needs: readonly Need[] = [
  // What Tidepool itself runs on.
  { package: 'caddy', has: 'caddy' },
  { package: 'bubblewrap', has: 'bwrap' },
  { package: 'passt', has: 'pasta' },
  { package: 'nftables', has: 'nft' },
  { package: 'socat', has: 'socat' },
  { package: 'uidmap', has: 'newuidmap' },
  { package: 'iproute2', has: 'ip' },
  { package: 'util-linux', has: 'nsenter' },
  // What the native parts of the workspace image are built with.
  { package: 'g++', has: 'g++' },
  { package: 'make', has: 'make' },
  { package: 'python3', has: 'python3' },
  { package: 'pkg-config', has: 'pkg-config' },
  { package: 'libkrb5-dev', has: '/usr/include/krb5.h' },
  { package: 'libsecret-1-dev', has: '/usr/include/libsecret-1' },
  { package: 'libx11-dev', has: '/usr/include/X11/Xlib.h' },
  { package: 'libxkbfile-dev', has: '/usr/include/X11/extensions/XKBfile.h' },
  // What only the tests use: the browser, a real ElasticMQ, the newest Caddy.
  { package: 'chromium', has: 'chromium' },
  { package: 'fonts-dejavu-core', has: '/usr/share/fonts/truetype/dejavu' },
  { package: 'default-jre-headless', has: 'java' },
  { package: 'maven', has: 'mvn' },
  { package: 'python3-pip', has: 'pip3' },
];

/** @returns what stands in the way and what to do about it; undefined where the machine is ready */
export function makeMachineReady(say: (line: string) => void): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const missing = needs.filter(({ has }) => !isThere(has)).map((need) => need.package);
  if (missing.length > 0) {
    const commands = [
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing],
    ];
    const mayInstall = process.getuid?.() === 0 && isProgramThere('apt-get');
    if (!mayInstall) {
      const lines = commands.map((argv) => `  sudo ${argv.join(' ')}`);
      return `The tests need ${missing.join(', ')}. On Debian or Ubuntu:\n${lines.join('\n')}`;
    }
    say(`installing ${missing.join(', ')}`);
    for (const argv of commands) {
      const problem = run(argv);
      if (problem !== undefined) return problem;
    }
  }
  return openTun();
}

function isThere(has: string): boolean {
  return has.startsWith('/') ? existsSync(has) : isProgramThere(has);
}

function run([program = '', ...args]: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 900_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return undefined;
  return `\`${[program, ...args].join(' ')}\` failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}

/** Sandboxes open it as an ordinary user; on minimal machines it is root's alone. */
function openTun(device = join('/dev', 'net', 'tun')): string | undefined {
  if (process.platform !== 'linux' || (existsSync(device) && (statSync(device).mode & 0o006) === 0o006))
    return undefined;
  if (!existsSync(device)) return `${device} is missing. Load it with \`modprobe tun\`.`;
  if (process.getuid?.() !== 0) return `${device} cannot be opened. Run \`sudo chmod 0666 ${device}\`.`;
  chmodSync(device, 0o666);
  return undefined;
}
