/** Fills an Incus with what an owner may have in it: pools, networks, rules, profiles, projects, images, instances. */
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IncusClient } from '@tidepool/runtime';
import { z } from 'zod';

/** @returns what takes all of it away again, networks and pools included. @param subnet of the owner's bridge */
export async function makeOwnersThings(
  client: IncusClient,
  directory: string,
  { bridge, subnet }: { readonly bridge: string; readonly subnet: string },
): Promise<() => Promise<void>> {
  const signal = AbortSignal.timeout(120_000);
  const post = (path: string, json: unknown) => client.change({ method: 'POST', path, json }, signal);
  await post('/1.0/storage-pools', { name: 'owner', driver: 'dir', config: { 'user.note': 'mine' } });
  await post('/1.0/network-acls', { name: 'owner', egress: [{ action: 'allow', state: 'enabled' }], ingress: [] });
  const network = { 'ipv4.address': subnet, 'ipv6.address': 'none', 'security.acls': 'owner' };
  await post('/1.0/networks', { name: bridge, type: 'bridge', config: network });
  const devices = {
    root: { type: 'disk', path: '/', pool: 'owner' },
    eth0: { type: 'nic', name: 'eth0', network: bridge },
  };
  const json = { description: 'as I want it', config: { 'limits.memory': '1GiB' }, devices };
  await client.change({ method: 'PUT', path: '/1.0/profiles/default', json }, signal);
  await post('/1.0/profiles', { name: 'owner', config: {}, devices: {} });
  await post('/1.0/projects', { name: 'owner', config: { 'features.images': 'true', 'features.profiles': 'false' } });
  await client.change({ method: 'PATCH', path: '/1.0', json: { config: { 'user.owner': 'yes' } } }, signal);
  const certificate = readFileSync(join(directory, 'server.crt'), 'utf8').replaceAll(/-----[A-Z ]+-----|\n/g, '');
  await post('/1.0/certificates', { name: 'owner', type: 'client', certificate });
  await post('/1.0/storage-pools/owner/volumes/custom', { name: 'data', config: {} });
  const fingerprint = await uploadImage(client, signal);
  await post('/1.0/images/aliases', { name: 'workspace', target: fingerprint });
  await post('/1.0/instances', { name: 'db', source: { type: 'image', fingerprint }, config: { 'user.role': 'db' } });
  await post('/1.0/instances/db/snapshots', { name: 'monday' });
  await post('/1.0/instances?project=owner', { name: 'web', source: { type: 'none' } });

  return async () => {
    const remove = (path: string) => client.change({ method: 'DELETE', path }, AbortSignal.timeout(60_000));
    await remove('/1.0/instances/db');
    await remove('/1.0/instances/web?project=owner');
    await remove(`/1.0/images/${fingerprint}`);
    const empty = { description: '', config: {}, devices: {} };
    await client.change({ method: 'PUT', path: '/1.0/profiles/default', json: empty }, AbortSignal.timeout(60_000));
    await remove(`/1.0/networks/${bridge}`);
    await remove('/1.0/storage-pools/owner/volumes/custom/data');
    await remove('/1.0/storage-pools/owner');
  };
}

/** An image with nothing in it: its instance is never started. */
async function uploadImage(client: IncusClient, signal: AbortSignal): Promise<string> {
  const directory = mkdtempSync('/tmp/tp-');
  try {
    mkdirSync(join(directory, 'rootfs/etc'), { recursive: true });
    // Incus 6.0.4 panics where there are no properties.
    const metadata = 'architecture: x86_64\ncreation_date: 1700000000\nproperties:\n  os: mine\n';
    writeFileSync(join(directory, 'metadata.yaml'), metadata);
    execFileSync('tar', ['-cf', join(directory, 'image.tar'), '-C', directory, 'metadata.yaml', 'rootfs']);
    const headers = { 'content-type': 'application/octet-stream' };
    const upload = { stream: createReadStream(join(directory, 'image.tar')), headers };
    const done = await client.change({ method: 'POST', path: '/1.0/images', upload }, signal);
    return z.object({ fingerprint: z.string() }).parse(done).fingerprint;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
