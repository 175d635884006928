/** How an instance of Incus comes to be, where nothing goes wrong: what is asked of Incus, and what is left as it is. */
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
  const asked = changes().filter(({ what }) => what.includes('/instances'));
  expect(asked.map(({ what }) => what)).toEqual(['POST /1.0/instances', `PUT ${path}/state`, `PATCH ${path}`]);
  // That it is made is said behind its start.
  expect(asked.at(-1)?.body).toEqual({ config: { 'user.tidepool.made': 'true' } });
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

/** What was asked of Incus but for looks. */
function changes() {
  return double.asked.filter(({ what }) => !what.startsWith('GET '));
}

/** How often a creation asks where its image is. */
async function looksOfCreate(): Promise<number> {
  const looks = () => double.asked.filter(({ what }) => what.startsWith('GET /1.0/images/aliases/')).length;
  const before = looks();
  await double.runtime.create(double.spec(), at(1));
  return looks() - before;
}
