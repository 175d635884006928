/** What the host's record says of a runtime that hangs, and of its storage. On the fake runtime, in one process. */
import { mkdir, writeFile } from 'node:fs/promises';
import { diskFinding, type HostRecord } from '@tidepool/core';
import { type FakeSteering, steerFake } from '@tidepool/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDiskNews, observeHost } from '../src/host-record.ts';
import { createRuntimeCare, type RuntimeCare } from '../src/runtime-care.ts';
import { type JobBench, openJobBench } from './job-bench.ts';

let bench: JobBench;
let care: RuntimeCare;
const { signal } = new AbortController();
const hour = 3_600_000;

beforeEach(async () => {
  bench = await openJobBench({ port: 9 });
  care = createRuntimeCare(bench.parts, { list: 200, closerLook: 200 });
});
afterEach(() => bench.close());

const steer = (steering: FakeSteering) => steerFake(bench.directory, steering);

async function observed(): Promise<HostRecord> {
  const caddy = { state: { caddyVersion: null, healthy: true }, findings: [] };
  const record = await observeHost(bench.parts, { caddy, queue: [], runtime: care, unknownInstances: [] }, signal);
  bench.parts.store.writeHost(record);
  return record;
}

const found = (record: HostRecord, id: string) => record.findings.find((finding) => finding.id === id);

test('a runtime that hangs is said not to answer, beside what it said last; it is said once, and when it is back', async () => {
  const before = await observed();
  expect([before.runtime.healthy, found(before, 'runtime')]).toEqual([true, undefined]);
  steer({ methods: { list: { delayMs: hour }, describe: { delayMs: hour } } });
  expect([await care.look(signal), await care.look(signal)]).toEqual([true, false]);
  const away = await observed();
  expect(away.runtime).toEqual({ ...before.runtime, healthy: false });
  expect(away.images).toEqual(before.images);
  expect(found(away, 'runtime')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('The fake runtime does not answer.'),
  });
  steer({});
  expect([await care.look(signal), await care.look(signal)]).toEqual([true, false]);
  const back = await observed();
  expect([back.runtime.healthy, found(back, 'runtime')]).toEqual([true, undefined]);
});

test('one that hangs or refuses only when looked at closer does not hold up the record', async () => {
  await observed();
  steer({ methods: { describe: { delayMs: hour } } });
  expect((await observed()).runtime.healthy).toBe(false);
  expect(await care.look(signal)).toBe(true);
  steer({ methods: { describe: { failure: { code: 'runtime_forbidden' } } } });
  const refused = await observed();
  expect(refused.runtime.healthy).toBe(false);
  expect(found(refused, 'runtime')?.detail).toContain('steered describe');
});

test('one that has never answered leaves no record', async () => {
  steer({ methods: { describe: { delayMs: hour } } });
  await expect(observed()).rejects.toMatchObject({ code: 'runtime_unavailable' });
  expect(bench.parts.store.host()).toBeNull();
});

test('storage of the runtime is on record, with a warning from 90 % full on', async () => {
  expect((await observed()).storage).toBeNull();
  steer({ storage: { name: 'pool', totalMiB: 10_240, freeMiB: 1_100 } });
  const roomy = await observed();
  expect([roomy.storage, found(roomy, 'runtime.storage')]).toEqual([
    { name: 'pool', totalMiB: 10_240, freeMiB: 1_088 },
    undefined,
  ]);
  steer({ storage: { name: 'pool', totalMiB: 10_240, freeMiB: 1_000 } });
  expect(found(await observed(), 'runtime.storage')).toMatchObject({ status: 'warning' });
});

test('the disk is told as it is, beside what the preflight said of it, and is news where it comes to run short', async () => {
  const { store, config } = bench.parts;
  let freeMiB = 2000;
  const parts = { ...bench.parts, store: { ...store, freeDiskMiB: () => freeMiB } };
  const stale = [diskFinding('disk', config.home, 50_000), diskFinding('disk.images', '/images', 1)];
  await mkdir(config.paths.run, { recursive: true });
  await writeFile(`${config.paths.run}/findings.json`, JSON.stringify(stale));
  const look = async () => {
    const known = {
      caddy: { state: { caddyVersion: null, healthy: true }, findings: [] },
      queue: [],
      unknownInstances: [],
    };
    const record = await observeHost(parts, { ...known, runtime: care }, signal);
    store.writeHost(record);
    return record;
  };
  const roomy = await look();
  expect(roomy.disk.freeMiB).toBe(1984);
  expect(roomy.findings.map(({ id, status }) => [id, status])).toEqual([
    ['disk', 'ok'],
    ['disk.images', 'warning'],
  ]);
  const rows = store.activityBounds().last;
  for (const [now, isNews] of [
    [1100, false],
    [1000, true],
    [600, false],
    [500, true],
    [100, false],
    [4000, true],
  ] as const) {
    freeMiB = now;
    expect(isDiskNews(parts), `${now} MiB`).toBe(isNews);
    await look();
  }
  // Pages are told of no more than that.
  expect(store.activityBounds().last - rows).toBe(3);
});
