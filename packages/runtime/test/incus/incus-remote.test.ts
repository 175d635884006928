/** An Incus reached by HTTPS, as one on another machine is: the same daemon, by its certificate and a client's. */

import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type IncusPlace, imageReference } from '@tidepool/core';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createIncusClient } from '../../src/incus/client/incus-client.ts';
import { createIncusRuntime } from '../../src/incus/incus-runtime.ts';
import { at, type IncusHarness, job, openIncusHarness, signal } from './incus-harness.ts';

const configured = z.object({ config: z.record(z.string(), z.string()) });

let harness: IncusHarness;
let place: Extract<IncusPlace, { kind: 'https' }>;
let fingerprint = '';
beforeAll(async () => {
  harness = await openIncusHarness();
  const { client, directory } = harness;
  const port = await freePort();
  await configure({ 'core.https_address': `127.0.0.1:${port}` });
  const own = process.env.INCUS_DIR ?? '';
  // A certificate and key are at hand: the server's own serve as the client's, too.
  for (const name of ['server.crt', 'server.key']) copyFileSync(`${own}/${name}`, `${directory}/${name}`);
  const pem = readFileSync(`${own}/server.crt`, 'utf8');
  const der = new X509Certificate(pem);
  fingerprint = der.fingerprint256.replaceAll(':', '').toLowerCase();
  const json = { name: 'tidepool-test', type: 'client', certificate: der.raw.toString('base64') };
  await client.change({ method: 'POST', path: '/1.0/certificates', json }, signal);
  const [cert, key] = [`${directory}/server.crt`, `${directory}/server.key`];
  place = { kind: 'https', url: `https://127.0.0.1:${port}`, cert, key, serverCert: cert };
});
afterAll(async () => {
  await configure({ 'core.https_address': '' });
  if (fingerprint) {
    await harness.client.change({ method: 'DELETE', path: `/1.0/certificates/${fingerprint}` }, signal);
  }
  await harness?.close();
});

test('a workspace is made, used, heard of and removed over HTTPS, without anything of this host', async () => {
  const config = { ...harness.config, place };
  const log = pino({ level: 'silent' });
  const runtime = createIncusRuntime({ config, home: harness.directory, images: harness.directory, log });
  const image = (await runtime.images(signal)).find(({ current }) => current);
  if (image === undefined) throw new Error('no image');
  const spec = harness.spec({ image: imageReference(image) });
  await runtime.create(spec, at(1));
  await runtime.start(spec, job(1));
  const stdout = new PassThrough();
  const said = text(stdout);
  const command = ['sh', '-c', 'cat; mount | grep -c /opt/tidepool'];
  const stdin = new PassThrough().end('over the wire\n');
  await runtime.exec(spec.id, command, { stdin, stdout, stderr: new PassThrough() }, signal);
  stdout.end();
  // The image brings the tree itself.
  expect(await said).toBe('over the wire\n0\n');
  const watching = new AbortController();
  const ended = new Promise<string>((resolve) => runtime.watch(resolve, watching.signal));
  await expect.poll(() => runtime.console(spec.id, signal), { timeout: 30_000 }).toContain('code-server');
  await harness.end(spec.id);
  expect(await ended).toBe(spec.id);
  watching.abort();
  await runtime.remove(spec.id, at(1));
  expect(await runtime.inspect(spec.id, signal)).toBeNull();
});

test('a client without trust is told so, and a server with another certificate is not spoken to', async () => {
  const { client } = harness;
  const stranger = createIncusClient({ ...place, serverCert: '/etc/ssl/certs/ca-certificates.crt' });
  const refused = { code: 'runtime_unavailable', message: expect.stringMatching(/certificate/) };
  await expect(stranger.read('/1.0', z.unknown(), signal)).rejects.toMatchObject(refused);
  await stranger.close();
  await client.change({ method: 'DELETE', path: `/1.0/certificates/${fingerprint}` }, signal);
  const config = { ...harness.config, place };
  const options = { config, home: harness.directory, images: harness.directory, log: pino({ level: 'silent' }) };
  await expect(createIncusRuntime(options).describe(signal)).rejects.toMatchObject({ code: 'runtime_forbidden' });
  fingerprint = '';
});

async function configure(values: Readonly<Record<string, string>>): Promise<void> {
  const { value, etag } = await harness.client.read('/1.0', configured, signal);
  const config = Object.fromEntries(Object.entries({ ...value.config, ...values }).filter(([, each]) => each !== ''));
  await harness.client.change({ method: 'PUT', path: '/1.0', json: { config }, ifMatch: etag }, signal);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
