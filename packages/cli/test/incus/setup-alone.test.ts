import { existsSync, readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runningDaemons } from '../../src/setup/incusd.ts';
import { everything } from './everything.ts';
import { type OwnIncus, ownIncus } from './own-incus.ts';

let own: OwnIncus;

beforeEach(() => {
  own = ownIncus();
});

afterEach(async () => {
  await own.clear();
});

const runs = () => runningDaemons().some(({ directory }) => directory === own.directory);

test('without a terminal and without --yes it prints the plan and changes nothing', async () => {
  const { code, output } = await own.setup();
  expect(code).toBe(1);
  expect(output).toContain(`start the Incus daemon in the background, in ${own.directory}`);
  expect(output).toContain('make the storage pool tidepool: btrfs in a file of at most 5 GiB');
  expect(existsSync(own.directory)).toBe(false);
});

test('from nothing to set up, again with nothing to do, and back to nothing', async () => {
  expect(await own.setup('--yes')).toMatchObject({ code: 0 });
  expect(runs()).toBe(true);
  expect(statSync(`${own.directory}/tidepool-setup.json`).mode & 0o777).toBe(0o600);
  expect(new Set(Object.values(await own.check()))).not.toContain('failed');
  const before = await everything(own.client);

  const again = await own.setup('--yes');
  expect(again).toMatchObject({ code: 0, output: expect.stringContaining('there is nothing to do') });
  expect(await everything(own.client)).toEqual(before);

  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(runs()).toBe(false);
  expect(existsSync(own.directory)).toBe(false);
  const nothing = await own.setup('--undo', '--yes');
  expect(nothing).toMatchObject({ code: 0, output: expect.stringContaining('nothing of the set-up') });
});

test('a directory that was there stays, as empty as it was', async () => {
  await own.startAsOwner();
  await own.killDaemon();
  await own.setup('--yes');
  expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
  expect(runs()).toBe(false);
  expect(readdirSync(own.directory)).toContain('database');
});

test.each([
  ['start the Incus daemon', {}],
  ['make the storage pool', {}],
  ['make the bridge', { 'incus.daemon': 'ok', 'incus.pool': 'ok', 'incus.acl': 'ok' }],
  ['set the disk and the network', { 'incus.network': 'ok', 'incus.project': 'ok' }],
  [1_500, {}],
])(
  'killed with -9 at «%s» it says what is missing, goes on when run again, and is undone whole',
  async (moment, there) => {
    const output = await own.killedSetup(typeof moment === 'string' ? `\n${moment}` : moment);
    expect(output).not.toContain('Incus is set up for Tidepool.');
    expect(await own.check()).toMatchObject(there);

    expect(await own.setup('--yes')).toMatchObject({ code: 0 });
    expect(new Set(Object.values(await own.check()))).not.toContain('failed');

    expect(await own.setup('--undo', '--yes')).toMatchObject({ code: 0 });
    expect(runs()).toBe(false);
    expect(existsSync(own.directory)).toBe(false);
  },
);

test('a wall that its owner opened is found and put right', async () => {
  await own.setup('--yes');
  const path = `/1.0/networks/${own.bridge}`;
  const json = { config: { 'security.acls': '' } };
  await own.client.change({ method: 'PATCH', path, json }, AbortSignal.timeout(60_000));
  expect(await own.check()).toMatchObject({ 'incus.network': 'failed', 'incus.acl': 'ok' });
  expect(await own.setup('--yes')).toMatchObject({ code: 0, output: expect.stringContaining('put right the bridge') });
  expect(await own.check()).toMatchObject({ 'incus.network': 'ok' });
});

test('a daemon that was killed is started again, and what is in it is found', async () => {
  await own.setup('--yes');
  await own.killDaemon();
  expect(await own.check()).toMatchObject({ 'incus.daemon': 'failed', 'incus.packages': 'ok' });
  const undo = await own.setup('--undo', '--yes');
  expect(undo).toMatchObject({ code: 1, output: expect.stringContaining('does not run') });
  const again = await own.setup('--yes');
  expect(again).toMatchObject({ code: 0, output: expect.not.stringContaining('\nmake') });
  expect(new Set(Object.values(await own.check()))).not.toContain('failed');
});
