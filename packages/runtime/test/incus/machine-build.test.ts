import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMachines, machinesOf, removeMachine, treeVersion } from '../../src/image/index.ts';
import { type MachineBench, openMachineBench } from './machine-bench.ts';

let bench: MachineBench;
/** The versions that were built, in order. */
const built: string[] = [];

beforeAll(async () => {
  bench = await openMachineBench();
});

afterAll(() => bench.close());

/** By what begins, and how many milliseconds later. */
const moments: readonly (readonly [stage: string, later: number])[] = [
  ['system', 0],
  ['system', 1_500],
  ['compose', 0],
  ['compose', 700],
  ['pack', 0],
  ['pack', 300],
  ['import', 0],
  ['import', 600],
  ['boot', 0],
  ['boot', 2_000],
];

test('killed at ten moments a build shows nothing, the next one goes on, and the last leaves nothing but its image', async () => {
  for (const [stage, later] of moments) {
    const build = bench.build();
    await build.reaches(stage);
    await pause(later);
    build.child.kill('SIGKILL');
    await expect(build.ended).rejects.toThrow();
    expect(Object.values((await bench.look()).images).flat(), `${stage}, ${later} ms later`).toEqual([]);
  }
  const version = await bench.build().ended;
  const { images, instances, building } = await bench.look();
  expect(Object.values(images)).toEqual([['workspace', `workspace/${version}`]]);
  expect(instances).toEqual([]);
  expect(building).toEqual(['lock']);
  expect(archives()).toEqual([`workspace-${version}.incus.tar.zst`]);
  built.push(version);
}, 1_200_000);

test('what is built is not built again', async () => {
  const before = await bench.look();
  const stages: string[] = [];
  const again = bench.build();
  again.child.stderr?.on('data', (data) => stages.push(String(data)));
  expect(await again.ended).toBe(built[0]);
  expect(stages).toEqual([]);
  expect(await bench.look()).toEqual(before);
});

test('an image that does not boot stays out with what it printed, and the old one stays that of new workspaces', async () => {
  const init = join(bench.source, 'machine/init.sh');
  const good = readFileSync(init, 'utf8');
  const before = await bench.look();
  writeFileSync(init, '#!/bin/sh\necho there is no editor here\nexit 3\n');
  await expect(bench.build().ended).rejects.toThrow(/image_failed/);
  writeFileSync(init, good);
  expect(await bench.look()).toMatchObject({ images: before.images, instances: [] });
  expect(archives()).toEqual([`workspace-${built[0]}.incus.tar.zst`]);
  const log = readFileSync(join(bench.imagesDirectory, 'failed-build.log'), 'utf8');
  expect(log).toContain('there is no editor here');
  expect(log).toContain('did not answer /healthz');
}, 600_000);

test('a newer image takes the place of the old one, which stays until it is removed', async () => {
  appendFileSync(join(bench.source, 'machine/ports.nft'), '# newer\n');
  const version = await bench.build().ended;
  const aliases = Object.values((await bench.look()).images);
  expect(aliases.toSorted()).toEqual([['workspace', `workspace/${version}`], [`workspace/${built[0]}`]]);
  const listed = await listMachines(bench.place);
  expect(Object.fromEntries(listed.map((image) => [image.version, image.current]))).toEqual({
    [version]: true,
    [built[0] ?? '']: false,
  });

  await removeMachine(bench.place, built[0] ?? '');
  expect(Object.values((await bench.look()).images)).toEqual([['workspace', `workspace/${version}`]]);
  expect(archives()).toEqual([`workspace-${version}.incus.tar.zst`]);
  // The tree is the newer one's, too.
  expect(readdirSync(bench.imagesDirectory)).toContain(`workspace-${await treeVersion(bench.source)}`);
}, 600_000);

test('whoever has a machine of an image is named', async () => {
  const [image] = await listMachines(bench.place);
  const version = image?.version ?? '';
  expect(await machinesOf(bench.place, version)).toEqual([]);
  await bench.createInstance('web-app', version);
  expect(await machinesOf(bench.place, version)).toEqual(['web-app']);
});

function archives(): string[] {
  return readdirSync(bench.imagesDirectory).filter((name) => name.endsWith('.incus.tar.zst'));
}
