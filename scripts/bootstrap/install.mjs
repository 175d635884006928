/** Runs `npm ci`, and says in one line what to do where it fails. */
import { spawnSync } from 'node:child_process';

/**
 * Without install scripts: none of our dependencies needs one, and older versions of npm do not read `allowScripts`.
 * Development dependencies are part of what runs (Vite builds the page), whatever NODE_ENV says.
 */
const npmCi = [
  ...['npm', 'ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
  ...['--loglevel=error', '--fetch-retries=3', '--fetch-retry-factor=2', '--fetch-retry-mintimeout=1000'],
];

/**
 * @param {string} root
 * @returns {string | undefined} the line to show; undefined where all went well
 */
export function install(root) {
  const [program = '', ...args] = [...tie(), ...npmCi];
  const { status, signal, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, PATH: outsidePath(process.env.PATH ?? '') },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return undefined;
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    return 'npm is not on the PATH. Install it (it comes with Node), then run this again.';
  }
  if (signal !== null) return `The install of the dependencies was ended by ${signal}. Run this again to go on.`;
  return explain(stderr);
}

/**
 * The line for what `npm ci` wrote on stderr.
 * @param {string} stderr
 */
export function explain(stderr) {
  const lines = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  const code = lines.flatMap((line) => /^code (\S+)$/.exec(line)?.[1] ?? [])[0] ?? 'unknown';
  const said = lines.find((line) => !/^(code|errno|syscall|A complete log)/.test(line)) ?? 'npm said nothing more';
  const fix = fixes.find(([codes]) => codes.test(code))?.[1] ?? 'Run `npm ci` to see the whole of it';
  return `The dependencies could not be installed (${code}: ${said.trim()}). ${fix}, then run this again.`;
}

/** @type {[RegExp, string][]} */
const fixes = [
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONN.*|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)$/,
    'See that this machine reaches its npm registry (`npm ping`)',
  ],
  [
    /^E(401|403|404|5\d\d)$/,
    'See that the npm registry of this machine (`npm config get registry`) serves these packages',
  ],
  [/^EUSAGE$/, 'package.json and package-lock.json do not fit each other: run `npm install`'],
  [/^ENOSPC$/, 'Free some space on the disk'],
  [/^(EACCES|EPERM|EROFS)$/, 'See that you may write in this directory and in npm’s cache'],
  [/^EINTEGRITY$/, 'Clear npm’s cache with `npm cache clean --force`'],
];

/**
 * So that an install whose starter was killed does not go on beside the next one. By KILL: at a TERM npm takes back what
 * it did, for seconds, and takes away what the next install has just put there.
 */
function tie() {
  const able = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return able ? ['setpriv', '--pdeathsig', 'KILL'] : [];
}

/**
 * npm run puts node_modules/.bin first, whose `node` the install is about to remove.
 * @param {string} path
 */
function outsidePath(path) {
  return path
    .split(':')
    .filter((directory) => !directory.endsWith('node_modules/.bin'))
    .join(':');
}
