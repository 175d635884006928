import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepoolOnce } from '../tidepool-process.ts';
import { everything } from './everything.ts';
import { type OwnIncus, ownIncus } from './own-incus.ts';

let own: OwnIncus;
let place: Place;
let keys: string;

beforeEach(async () => {
  own = ownIncus();
  await own.startAsOwner();
  keys = mkdtempSync('/tmp/tp-');
  const newKey = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1', '-nodes', '-days', '2'];
  const files = ['-subj', '/CN=tidepool', '-keyout', join(keys, 'key'), '-out', join(keys, 'crt')];
  execFileSync('openssl', [...newKey, ...files], { stdio: 'ignore' });
  const port = await freePort();
  await settings({ 'core.https_address': `127.0.0.1:${port}` });
  place = await makePlace({
    TIDEPOOL_INCUS_URL: `https://127.0.0.1:${port}`,
    TIDEPOOL_INCUS_CERT: join(keys, 'crt'),
    TIDEPOOL_INCUS_KEY: join(keys, 'key'),
    TIDEPOOL_INCUS_SERVER_CERT: join(own.directory, 'server.crt'),
    TIDEPOOL_INCUS_NETWORK: own.bridge,
  });
});

afterEach(async () => {
  await own.clear();
  await place.clear();
  rmSync(keys, { recursive: true, force: true });
});

test('an Incus that does not trust us is left alone, with what its owner has to do', async () => {
  const { code, output } = await tidepoolOnce(place, ['setup', 'incus', '--yes']);
  expect(code).toBe(1);
  expect(output).toContain('incus config trust add-certificate');
});

test('an Incus elsewhere gets pool, bridge and project over https, and undo takes them away', async () => {
  const certificate = readFileSync(join(keys, 'crt'), 'utf8').replaceAll(/-----[A-Z ]+-----|\n/g, '');
  const json = { name: 'tidepool', type: 'client', certificate };
  await own.client.change({ method: 'POST', path: '/1.0/certificates', json }, AbortSignal.timeout(60_000));
  const before = await everything(own.client);

  expect(await tidepoolOnce(place, ['setup', 'incus', '--yes', '--pool-size', '5'])).toMatchObject({ code: 0 });
  expect(await tidepoolOnce(place, ['setup', 'incus', '--check'])).toMatchObject({ code: 0 });
  expect(own.record()).toBeNull();

  expect(await tidepoolOnce(place, ['setup', 'incus', '--undo', '--yes'])).toMatchObject({ code: 0 });
  expect(await everything(own.client)).toEqual(before);
});

async function settings(config: Readonly<Record<string, string>>): Promise<void> {
  await own.client.change({ method: 'PATCH', path: '/1.0', json: { config } }, AbortSignal.timeout(60_000));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
