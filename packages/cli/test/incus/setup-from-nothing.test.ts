import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { realHost } from '../../src/preflight/real-host.ts';
import { deriveSource } from '../../src/setup/apt-sources.ts';
import { machineSources } from '../../src/setup/packages.ts';
import { readRelease } from '../../src/setup/release.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('setup-from-nothing.sh', import.meta.url));
const clone = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
const bridge = `tpt${randomInt(36 ** 6).toString(36)}`;

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync('/tmp/tp-');
  const { codename } = readRelease(realHost);
  const source = deriveSource(machineSources(realHost), codename, codename);
  if (source === null) throw new Error(`no apt source of ${codename} is known here`);
  writeFileSync(join(directory, 'release.sources'), source);
  const argv = ['--variant=apt', '--quiet', codename, join(directory, 'root'), join(directory, 'release.sources')];
  await run('mmdebstrap', argv, { timeout: 500_000 });
}, 600_000);

afterAll(async () => {
  await realHost.run(['ip', 'link', 'delete', bridge]);
  rmSync(directory, { recursive: true, force: true });
});

test('on a Debian with nothing on it the set-up brings Incus, and undo leaves it as it was', async () => {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  const argv = [...namespaces, 'sh', script, join(directory, 'root'), clone, dirname(process.execPath), bridge];
  const env = { PATH: process.env.PATH ?? '' };
  const { stdout } = await run('unshare', argv, { timeout: 280_000, env }).catch(tellAll);
  const ends = [...stdout.matchAll(/^== ended with (\d+)$/gm)].map(([, code]) => code);
  expect(ends, stdout).toEqual(['0', '0', '0', '0']);
  const [, first = '', , second = ''] = stdout.split(/^== setup incus .*$/m);
  expect(first).toMatch(/install incus(-base)?/);
  expect(first).toContain('start lxcfs in the background …');
  expect(first).not.toContain('lxcfs does not start');
  expect(second).toContain('there is nothing to do');
  expect(stdout.split('== left over\n')[1]).toBe('');
});

const failed = z.object({
  code: z.union([z.number(), z.string()]).nullish(),
  signal: z.string().nullish(),
  stdout: z.string(),
  stderr: z.string(),
});

/** What it did up to its end: of a script that fails early nothing else says where. */
function tellAll(error: unknown): never {
  const { code, signal, stdout, stderr } = failed.parse(error);
  throw new Error(`the script ended with ${code ?? signal}\n${stdout}\n${stderr}`, { cause: error });
}
