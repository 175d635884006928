import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { trialLabel } from '@tidepool/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everything } from './everything.ts';
import { type OwnIncus, ownIncus } from './own-incus.ts';
import { makeOwnersThings } from './owners-things.ts';

let own: OwnIncus;
let ownersSubnet: string;
let removeThings: (() => Promise<void>) | null = null;

beforeEach(async () => {
  removeThings = null;
  own = ownIncus();
  await own.startAsOwner();
  ownersSubnet = `10.${200 + randomInt(50)}.${randomInt(256)}.1/24`;
  const bridge = { bridge: own.ownersBridge, subnet: ownersSubnet };
  removeThings = await makeOwnersThings(own.client, own.directory, bridge);
});

afterEach(async () => {
  await own.setup('--undo', '--yes');
  try {
    await removeThings?.();
  } finally {
    await own.clear();
  }
});

test('beside an Incus in use the set-up adds what is its own, and undo takes exactly that away', async () => {
  const before = await everything(own.client);

  expect(await own.setup('--yes')).toMatchObject({ code: 0 });
  const during = await everything(own.client);
  const added = Object.keys(during).filter((path) => !(path in before));
  expect(added.sort()).toEqual([
    `network-acls default/${own.bridge}`,
    `networks default/${own.bridge}`,
    'profiles tidepool/default',
    'projects /tidepool',
    'storage-pools /tidepool',
  ]);
  const kept = Object.fromEntries(Object.entries(during).filter(([path]) => path in before));
  expect(withoutUse(kept)).toEqual(withoutUse(before));

  const undone = await own.setup('--undo', '--yes');
  expect(undone).toMatchObject({ code: 0 });
  expect(await everything(own.client)).toEqual(before);
  expect(undone.output).not.toContain('stop the Incus daemon');
  expect(existsSync(`${own.directory}/tidepool-setup.json`)).toBe(false);
});

test('a workspace holds undo back, and is named', async () => {
  await own.setup('--yes');
  const labels = { 'user.tidepool.workspace': 'x', 'user.tidepool.name': 'web-app' };
  const json = { name: 'tp-x', source: { type: 'none' }, config: labels };
  const path = '/1.0/instances?project=tidepool';
  await own.client.change({ method: 'POST', path, json }, AbortSignal.timeout(60_000));
  const before = await everything(own.client);

  const refused = await own.setup('--undo', '--yes');
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('web-app') });
  expect(await everything(own.client)).toEqual(before);

  const gone = { method: 'DELETE', path: '/1.0/instances/tp-x?project=tidepool' } as const;
  await own.client.change(gone, AbortSignal.timeout(60_000));
  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
});

test('undo takes what a dead boot test left, and keeps a pool that another project is on', async () => {
  await own.setup('--yes');
  const ask = (method: 'POST' | 'DELETE', path: string, json?: unknown) =>
    own.client.change({ method, path, json }, AbortSignal.timeout(60_000));
  const source = { type: 'none' };
  await ask('POST', '/1.0/instances?project=tidepool', { name: 'boot-test-x', source, config: { [trialLabel]: 'x' } });
  await ask('POST', '/1.0/projects', { name: 'tidepool2', config: { 'features.storage.volumes': 'true' } });
  await ask('POST', '/1.0/storage-pools/tidepool/volumes/custom?project=tidepool2', { name: 'data' });

  const undone = await own.setup('--undo', '--yes');
  expect(undone).toMatchObject({ code: 0, output: expect.stringContaining('The storage pool tidepool stays') });
  expect(Object.keys(await everything(own.client))).not.toContain('projects /tidepool');

  await ask('DELETE', '/1.0/storage-pools/tidepool/volumes/custom/data?project=tidepool2');
  await ask('DELETE', '/1.0/projects/tidepool2');
  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(Object.keys(await everything(own.client))).not.toContain('storage-pools /tidepool');
});

test('what is called like ours and is not is left alone, and said', async () => {
  const json = { name: 'tidepool', config: {} };
  await own.client.change({ method: 'POST', path: '/1.0/projects', json }, AbortSignal.timeout(60_000));
  const before = await everything(own.client);

  const refused = await own.setup('--yes');
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('TIDEPOOL_INCUS_PROJECT') });
  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(await everything(own.client)).toEqual(before);
});

test("the owner's own pool is used where it is named, and outlives undo", async () => {
  const json = { name: 'tidepool', driver: 'dir' };
  await own.client.change({ method: 'POST', path: '/1.0/storage-pools', json }, AbortSignal.timeout(60_000));
  const before = await everything(own.client);

  const done = await own.setup('--yes');
  expect(done).toMatchObject({ code: 0, output: expect.not.stringContaining('make the storage pool') });
  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(await everything(own.client)).toEqual(before);
});

test('a range that the host has already is refused, with one that is free', async () => {
  const refused = await own.setup('--yes', '--subnet', ownersSubnet);
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('are in use') });
  const [, free = ''] = /--subnet (\S+),/.exec(refused.output) ?? [];
  const given = await own.setup('--yes', '--subnet', free);
  expect(given, `${refused.output}\n${given.output}`).toMatchObject({ code: 0 });
  expect(await own.setup('--check')).toMatchObject({ code: 0, output: expect.stringContaining(own.bridge) });
});

/** That something of ours uses an object of the owner, as the default project does, is no change of it. */
function withoutUse(objects: Readonly<Record<string, unknown>>): unknown {
  const text = JSON.stringify(objects, (key, value) => (key === 'used_by' ? undefined : value));
  return JSON.parse(text);
}
