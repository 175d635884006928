import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepoolOnce } from './tidepool-process.ts';

let place: Place;
let directory: string;

beforeEach(async () => {
  place = await makePlace();
  directory = join(dirname(place.home), 'incus');
});

afterEach(async () => {
  await place.clear();
});

test('an ordinary user is told to run it as root, with the command, and nothing is changed', async () => {
  const asOrdinaryUser = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  const { code, output } = await tidepoolOnce(place, ['setup', 'incus', '--yes', '--dir', directory], asOrdinaryUser);
  expect(code).toBe(1);
  expect(output).toContain(`sudo npm run tidepool -- setup incus --dir ${directory}`);
  expect(existsSync(directory)).toBe(false);
});

test('check changes nothing, and ends with 1 where the daemon does not run', async () => {
  const { code, output } = await tidepoolOnce(place, ['setup', 'incus', '--check', '--json', '--dir', directory]);
  const findings: { id: string; status: string }[] = JSON.parse(output);
  expect(code).toBe(1);
  expect(findings.find(({ id }) => id === 'incus.daemon')).toMatchObject({ status: 'failed' });
  expect(existsSync(directory)).toBe(false);
});

test('undo where nothing was set up says so', async () => {
  const { code, output } = await tidepoolOnce(place, ['setup', 'incus', '--undo', '--yes', '--dir', directory]);
  expect([code, output.trim()]).toEqual([0, 'There is nothing of the set-up to take away.']);
});

test.each([
  [['--pool-size', 'large'], '--pool-size must be a number of GiB'],
  [['--pool-size', '1'], '5 or more'],
  [['--subnet', '10.0.0.0/30'], '--subnet must be a private IPv4 range'],
  [['--subnet', '224.0.0.0/24'], '--subnet must be a private IPv4 range'],
  [['--subnet', '8.8.8.8/8'], 'For example: --subnet'],
  [['--check', '--undo'], 'exclude each other'],
])('%j is refused with what is meant', async (args, why) => {
  const { code, output } = await tidepoolOnce(place, ['setup', 'incus', '--dir', directory, ...args]);
  expect(code).toBe(1);
  expect(output).toContain(why);
});

test('a certificate for an Incus elsewhere that cannot be read is named', async () => {
  const certificates = ['CERT', 'KEY', 'SERVER_CERT'].map((name) => [`TIDEPOOL_INCUS_${name}`, '/nowhere.pem']);
  const env = { ...place.env, TIDEPOOL_INCUS_URL: 'https://127.0.0.1:1', ...Object.fromEntries(certificates) };
  const { code, output } = await tidepoolOnce({ env }, ['setup', 'incus', '--yes']);
  expect(code).toBe(1);
  expect(output).toContain('/nowhere.pem for Incus cannot be read');
});

test('where TIDEPOOL_INCUS_URL names no socket, that is all that is said', async () => {
  const env = { ...place.env, TIDEPOOL_INCUS_URL: `unix://${directory}/other.sock` };
  const { code, output } = await tidepoolOnce({ env }, ['setup', 'incus', '--check', '--json']);
  const detail = expect.stringContaining('there is no socket there');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toEqual([expect.objectContaining({ id: 'incus.daemon', status: 'failed', detail })]);
  const set = await tidepoolOnce({ env }, ['setup', 'incus', '--yes']);
  expect(set).toMatchObject({ code: 1, output: expect.stringContaining('there is no socket there') });
});
