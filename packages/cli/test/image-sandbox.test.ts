/** `tidepool image` with sandboxes. What is built comes from TIDEPOOL_IMAGES, by links in a directory of the test's own. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepoolOnce, until, up } from './tidepool-process.ts';

const built = process.env.TIDEPOOL_IMAGES ?? '/var/cache/tidepool/images';
const old = 'aaaaaaaaaaaa';
let place: Place;
let images: string;

beforeEach(async () => {
  images = mkdtempSync('/tmp/tp-images-');
  chmodSync(images, 0o755);
  for (const name of readdirSync(built).filter((each) => /^workspace-[0-9a-f]{12}$/.test(each))) {
    symlinkSync(join(built, name), join(images, name));
  }
  mkdirSync(join(images, `workspace-${old}/share`), { recursive: true });
  const size = { installedMiB: 800, installedFiles: 9, mib: 300, files: 5 };
  const made = {
    builtAt: '2026-01-02T03:04:05.000Z',
    arch: process.arch,
    node: '24.0.0',
    codeServer: '4.0.0',
    npm: '11.0.0',
  };
  const manifest = { name: 'workspace', version: old, ...made, size, buildSeconds: 60 };
  writeFileSync(join(images, `workspace-${old}/manifest.json`), JSON.stringify(manifest));
  place = await makePlace({ TIDEPOOL_RUNTIME: 'sandbox', TIDEPOOL_IMAGES: images });
});

afterEach(async () => {
  await place.clear();
  rmSync(images, { recursive: true, force: true });
});

test('an image that nobody has goes, and the one of new workspaces only by force', async () => {
  const listed = await tidepoolOnce(place, ['image', 'ls']);
  expect(listed.output).toMatch(new RegExp(`workspace@${old} │ 300 MiB │ 2026-01-02 03:04 │ +│ none`));
  const current = /workspace@([0-9a-f]{12}) .*for new ones/.exec(listed.output)?.[1] ?? '';
  expect(await tidepoolOnce(place, ['image', 'rm', `workspace@${old}`])).toMatchObject({ code: 0 });
  const refused = await tidepoolOnce(place, ['image', 'rm', `workspace@${current}`]);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('what new workspaces are made from') });
  expect(readdirSync(images)).toContain(`workspace-${current}`);
  expect(await tidepoolOnce(place, ['image', 'rm', '--force', `workspace@${current}`])).toMatchObject({ code: 0 });
  expect(readdirSync(images)).not.toContain(`workspace-${old}`);
  expect(readdirSync(images)).not.toContain(`workspace-${current}`);
});

test('an image is not removed while a workspace is made of it, nor while nobody can tell', async () => {
  const running = await up(place);
  const { workspace } = await until(() =>
    place
      .api()('createWorkspace', { body: { name: 'web-app', memoryMiB: 512 } })
      .catch(() => null),
  );
  const refused = await tidepoolOnce(place, ['image', 'rm', '--force', workspace.image]);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`made of ${workspace.image}: web-app`) });
  expect((await tidepoolOnce(place, ['image', 'ls'])).output).toMatch(/for new ones │ web-app/);

  running.child.kill('SIGINT');
  await running.ended();
  expect((await tidepoolOnce(place, ['image', 'ls'])).output).toContain('nobody can tell');
  const unknown = await tidepoolOnce(place, ['image', 'rm', `workspace@${old}`]);
  expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('Only the running Tidepool knows') });
  expect(readdirSync(images)).toContain(`workspace-${old}`);
});
