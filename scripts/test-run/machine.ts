/** Makes the machine what the tests need: what Tidepool needs, by its own preflight, and what only the tests use. */
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { homedir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@tidepool/core';
import { fetchJars } from '@tidepool/queue';
import { makeHostReady } from '../../packages/cli/src/preflight/index.ts';
import { isProgramThere } from './program.ts';

type Say = (line: string) => void;

/** As root on Debian or Ubuntu installs what is missing. @throws what stands in the way, with the commands that mend it */
export async function makeMachineReady(say: Say): Promise<void> {
  if (process.platform !== 'linux') return;
  await makeReadyForTidepool(say);
  makeReadyForTests(say);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tidepool');
  await fetchJars(cache, AbortSignal.timeout(600_000));
}

async function makeReadyForTidepool(say: Say): Promise<void> {
  const home = await mkdtemp('/tmp/tp-');
  // The sandbox's user passes through it.
  await chmod(home, 0o711);
  try {
    const config = parseConfig(
      { ...process.env, TIDEPOOL_HOME: home, TIDEPOOL_RUNTIME: 'sandbox' },
      {
        cwd: process.cwd(),
        homeDirectory: homedir(),
        isRoot: process.getuid?.() === 0,
        totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024),
      },
    );
    const findings = await makeHostReady(config, { toBuild: ['tree'], say, signal: AbortSignal.timeout(900_000) });
    // Tests listen on ports of their own, so it is no matter who has the standard ones.
    const failed = findings.filter(({ id, status }) => status === 'failed' && !id.startsWith('port.'));
    if (failed.length === 0) return;
    throw new Error(failed.map(({ detail, fix, commands }) => [detail, fix, ...commands].join('\n  ')).join('\n'));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** By Debian's package, the program of it that is looked for: a browser, whole and without windows, a real ElasticMQ, the newest Caddy by pip. */
const testOnly: Readonly<Record<string, string>> = {
  chromium: 'chromium',
  'chromium-headless-shell': 'chromium-headless-shell',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  'default-jre-headless': 'java',
  maven: 'mvn',
  'python3-pip': 'pip3',
};

function makeReadyForTests(say: Say): void {
  const missing = Object.keys(testOnly).filter((name) => !isProgramThere(testOnly[name] ?? name));
  if (missing.length === 0) return;
  const commands = [
    ['apt-get', 'update', '-q'],
    ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing],
  ];
  if (process.getuid?.() !== 0 || !isProgramThere('apt-get')) {
    const lines = commands.map((argv) => `  sudo ${argv.join(' ')}`);
    throw new Error(`The tests need ${missing.join(', ')}. On Debian or Ubuntu:\n${lines.join('\n')}`);
  }
  say(`Installing ${missing.join(', ')} …`);
  for (const argv of commands) run(argv);
}

function run([program = '', ...args]: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 900_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  throw new Error(`${[program, ...args].join(' ')} failed: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
}
