import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '@tidepool/core';
import { createIncusClient, incusParts } from '@tidepool/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const signal = AbortSignal.timeout(3_600_000);
/** Issue 4: at most so much, compressed. */
const mostBytes = 450 * 1024 * 1024;
/** Milliseconds within which Debian has the same packages, but for bad luck. */
const oneDay = 24 * 3_600_000;

const around = { cwd: process.cwd(), homeDirectory: '/root', isRoot: true, totalMemoryMiB: 16_384 };
const given = parseConfig(process.env, around);
let home = '';

beforeAll(() => {
  if (process.env.INCUS_DIR === undefined) throw new Error('INCUS_DIR is not set: run this by `npm run test:incus`');
  // A pool of disk: /tmp may be memory.
  home = mkdtempSync('/var/tmp/tp-image-');
  chmodSync(home, 0o711);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const listed = z.array(
  z.looseObject({ reference: z.string(), current: z.boolean(), workspaces: z.array(z.string()).nullable() }),
);

test('the image of new workspaces is listed, is not built again and not removed without being asked twice', async () => {
  const [image, ...others] = listed.parse(JSON.parse((await tidepool(['image', 'ls', '--json'])).out));
  expect(others.filter(({ current }) => current)).toEqual([]);
  expect(image).toMatchObject({ current: true, workspaces: [] });
  const reference = image?.reference ?? '';
  expect((await tidepool(['image', 'ls'])).out).toContain(reference);
  expect((await tidepool(['image', 'build'])).out).toContain(`${reference} is built already`);
  const refusal = await tidepool(['image', 'rm', reference]);
  expect(refusal).toMatchObject({ code: 1, err: expect.stringContaining('--force') });
  expect(await tidepool(['image', 'rm', 'workspace@000000000000'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no image "workspace@000000000000"'),
  });
});

test('built twice from nothing it has the same packages in the same versions, and is small', async () => {
  const before = await archiveOf(given.paths.images);
  const recent = before !== null && Date.now() - Date.parse(before.builtAt) < oneDay ? before : null;
  const [one, other] = [recent ?? (await buildFromNothing('one')), await buildFromNothing('other')];
  expect(other.packages.system.length).toBeGreaterThan(150);
  expect(other.packages.npm.length).toBeGreaterThan(300);
  expect({ ...other, builtAt: one.builtAt, bytes: 0 }).toEqual({ ...one, bytes: 0 });
  for (const { bytes } of [one, other]) expect(bytes).toBeLessThan(mostBytes);
}, 2_400_000);

const manifest = z.looseObject({
  version: z.string(),
  builtAt: z.string(),
  packages: z.object({ system: z.array(z.string()), npm: z.array(z.string()) }),
});
type Archive = z.infer<typeof manifest> & { readonly bytes: number };

/** In a project of its own, or it would be there already. It is booted there, too. */
async function buildFromNothing(name: string): Promise<Archive> {
  const project = `tp-image-${process.pid}-${name}`;
  const images = join(home, name);
  mkdirSync(images);
  const client = createIncusClient(given.incus.place);
  for (const part of incusParts(client, { config: { ...given.incus, project }, subnet: null, networks: null })) {
    if (part.id === 'project' || part.id === 'profile') await part.ensure(signal);
  }
  const env = { TIDEPOOL_INCUS_PROJECT: project, TIDEPOOL_IMAGES: images };
  try {
    const built = await tidepool(['image', 'build', '--runtime', 'incus'], env);
    expect(built, built.err).toMatchObject({ code: 0, out: expect.stringContaining('is built and tried') });
    const archive = await archiveOf(images);
    if (archive === null) throw new Error('a build left no archive');
    const removed = await tidepool(['image', 'rm', '--force', `workspace@${archive.version}`], env);
    expect(removed).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(images)).not.toContain(fileName(archive.version));
    return archive;
  } finally {
    await client.change({ method: 'DELETE', path: `/1.0/projects/${project}` }, signal);
    await client.close();
  }
}

const fileName = (version: string) => `workspace-${version}.incus.tar.zst`;

/** Of the newest archive there: what it says of itself. */
async function archiveOf(images: string): Promise<Archive | null> {
  const files = readdirSync(images)
    .filter((name) => name.endsWith('.incus.tar.zst'))
    .map((name) => join(images, name));
  const newest = files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (newest === undefined) return null;
  const inside = 'rootfs/usr/lib/tidepool/manifest.json';
  const { out } = await run('tar', ['--extract', '--to-stdout', '--file', newest, inside], process.env);
  return { ...manifest.parse(JSON.parse(out)), bytes: statSync(newest).size };
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function tidepool(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const own = { TIDEPOOL_HOME: join(home, 'home'), TIDEPOOL_RUNTIME: 'incus' };
  return run(process.execPath, [main, ...args], { ...process.env, ...own, ...env });
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: 2_000_000 };
  return new Promise((resolve) => {
    execFile(program, [...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}
