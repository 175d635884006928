/** How an instance of Incus comes to be: what is asked of Incus, what meets it on the way, and what is left as it is. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type IncusDouble, openIncusDouble } from './incus-double.ts';

const signal = AbortSignal.timeout(600_000);
const at = (fence: number) => ({ fence, signal });
const job = (fence: number) => ({ ...at(fence), jobId: 'job-1' });

let double: IncusDouble;
beforeEach(async () => {
  double = await openIncusDouble();
});
afterEach(() => double.close());

/** What was asked of Incus but for looks. */
const asked = () => double.asked.filter(({ what }) => !what.startsWith('GET '));
const changes = () => asked().map(({ what }) => what);

test('what is made for a job that starts it is made with all that the start wants, and not changed by it', async () => {
  const wanted = double.spec();
  const path = `/1.0/instances/tp-${wanted.id}`;
  double.on('POST /1.0/instances', ({ body }) => {
    const { config, ...made } = z
      .object({ name: z.string(), type: z.string(), config: z.record(z.string(), z.string()), devices: z.unknown() })
      .parse(body);
    const filled = { ...config, 'volatile.apply_template': 'create' };
    const found = { ...made, config: filled, status: 'Stopped', expanded_devices: {} };
    double.on(`GET ${path}`, { metadata: found, etag: 'one' });
    return { done: null };
  });
  double.on(`PUT ${path}/state`, { done: null });
  double.on(`PATCH ${path}`, { metadata: {} });
  await double.runtime.create(wanted, job(1));
  await double.runtime.start(wanted, job(1));
  expect(changes().filter((what) => what.includes('/instances'))).toEqual([
    'POST /1.0/instances',
    `PUT ${path}/state`,
    `PATCH ${path}`,
  ]);
  // That it is made is said behind its start.
  expect(asked().at(-1)?.body).toEqual({ config: { 'user.tidepool.made': 'true' } });
});

test.each([
  ['is filled from its image', 'Stopped', { 'volatile.apply_template': 'create' }],
  ['runs', 'Running', {}],
  ['is frozen', 'Frozen', {}],
])('what %s is whole, marked or not, and is not made anew', async (_, status, config) => {
  const wanted = double.spec();
  double.has(wanted.id, status, { 'user.tidepool.made': '', ...config });
  await double.runtime.create(wanted, job(1));
  expect(changes()).toEqual([]);
});

test('where an image is, is asked once, and again with the first news of one', async () => {
  const ending = new AbortController();
  double.runtime.watch(() => undefined, ending.signal);
  double.on('POST /1.0/instances', ({ body }) => {
    double.has(z.object({ name: z.string() }).parse(body).name.slice(3), 'Stopped');
    return { done: null };
  });
  await vi.waitFor(async () => expect(await looksOfCreate()).toBe(0), 20_000);
  double.tell('image-alias-updated', '/1.0/images/aliases/workspace');
  await vi.waitFor(async () => expect(await looksOfCreate()).toBeGreaterThan(0), 20_000);
  ending.abort();
});

test('a change that lost its connection is begun again and found done', async () => {
  const wanted = double.spec();
  let times = 0;
  double.on('POST /1.0/instances', () => {
    times += 1;
    double.has(wanted.id, 'Stopped');
    return 'cut';
  });
  await double.runtime.create(wanted, at(1));
  expect(times).toBe(1);
  expect(await double.runtime.inspect(wanted.id, signal)).toMatchObject({ state: 'stopped' });
});

test('what a dead daemon left half-made is removed and made anew', async () => {
  const wanted = double.spec();
  double.has(wanted.id, 'Stopped', { 'user.tidepool.made': '' });
  double.on(`DELETE /1.0/instances/tp-${wanted.id}`, () => {
    double.on(`GET /1.0/instances/tp-${wanted.id}`, { error: 'not found', code: 404 });
    return { done: null };
  });
  double.on('POST /1.0/instances', () => {
    double.has(wanted.id, 'Stopped');
    return { done: null };
  });
  await double.runtime.create(wanted, at(1));
  expect(changes().filter((what) => !what.startsWith('PATCH'))).toEqual([
    `DELETE /1.0/instances/tp-${wanted.id}`,
    'POST /1.0/instances',
  ]);
});

test('what was removed while it was made goes again, whole as it is', async () => {
  const wanted = double.spec();
  const whole = { 'user.tidepool.made': '', 'user.tidepool.fence': '1', 'volatile.apply_template': 'create' };
  const { project } = double.config;
  const removed = { [`user.tidepool.removed.${wanted.id}`]: '2 2026-01-01T00:00:00.000Z' };
  double.on('POST /1.0/instances', () => {
    double.has(wanted.id, 'Stopped', whole);
    double.on(`GET /1.0/projects/${project}`, { metadata: { name: project, description: '', config: removed } });
    return { done: null };
  });
  double.on(`DELETE /1.0/instances/tp-${wanted.id}`, { done: null });
  await expect(double.runtime.create(wanted, job(1))).rejects.toMatchObject({ code: 'fence_lost' });
  expect(changes()).toContain(`DELETE /1.0/instances/tp-${wanted.id}`);
});

test('what was made between the look of its removal and the note of it is removed, too', async () => {
  const { id } = double.spec();
  double.on(`PUT /1.0/projects/${double.config.project}`, () => {
    double.has(id, 'Stopped');
    return { metadata: {} };
  });
  double.on(`DELETE /1.0/instances/tp-${id}`, { done: null });
  const { project } = double.config;
  const path = `GET /1.0/projects/${project}`;
  double.on(path, { metadata: { name: project, description: '', config: {} }, etag: 'one' });
  await double.runtime.remove(id, at(2));
  expect(changes()).toContain(`DELETE /1.0/instances/tp-${id}`);
});

test('an image that is gone since it was looked up is looked up again, and said to be missing', async () => {
  double.on('POST /1.0/instances', () => {
    double.on('GET /1.0/images/aliases/workspace/0123456789ab', { error: 'not found', code: 404 });
    return { failure: 'Image not provided for instance creation' };
  });
  await expect(double.runtime.create(double.spec(), job(1))).rejects.toMatchObject({ code: 'image_missing' });
});

test('a range that is another since it was looked at is looked at again', async () => {
  let times = 0;
  const wanted = double.spec();
  double.on('POST /1.0/instances', () => {
    times += 1;
    if (times === 1) return { failure: 'Device IP address "10.77.250.7" not within network "tpd" subnet' };
    double.has(wanted.id, 'Stopped');
    return { done: null };
  });
  await double.runtime.create(wanted, job(1));
  expect(times).toBe(2);
});

test('a start that was given an address of a range that is no more begins again with the new one', async () => {
  const wanted = double.spec();
  const { network } = double.config;
  const path = `/1.0/instances/tp-${wanted.id}`;
  double.has(wanted.id, 'Stopped');
  double.on(`PUT ${path}/state`, { done: null });
  double.on(`PATCH ${path}`, ({ body }) => {
    if (!JSON.stringify(body).includes('"ipv4.address":"10.77.250.')) return { metadata: {} };
    const bridge = { name: network, description: '', type: 'bridge', managed: true, status: 'Created' };
    double.on(`GET /1.0/networks/${network}`, {
      metadata: { ...bridge, config: { 'ipv4.address': '10.77.251.1/24' } },
    });
    return { error: `Device IP address "10.77.250.7" not within network "${network}" subnet`, code: 400 };
  });
  await double.runtime.start(wanted, job(1));
  const given = double.asked.filter(({ what }) => what === `PATCH ${path}`).map(({ body }) => JSON.stringify(body));
  expect(given.find((body) => body.includes('"ipv4.address":"10.77.251.'))).toContain('gateway = 10.77.251.1');
});

/** How often a creation asks where its image is. */
async function looksOfCreate(): Promise<number> {
  const looks = () => double.asked.filter(({ what }) => what.startsWith('GET /1.0/images/aliases/')).length;
  const before = looks();
  await double.runtime.create(double.spec(), at(1));
  return looks() - before;
}
