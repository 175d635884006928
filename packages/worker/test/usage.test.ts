/** What running workspaces take, measured by a running worker. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeHome, openFakeHome } from './fake-home.ts';
import { expectTarget } from './kill-drivers.ts';
import { until } from './worker-home.ts';

let home: FakeHome;

beforeAll(async () => {
  home = await openFakeHome({ TIDEPOOL_USAGE_SECONDS: '0.2' });
  await home.startWorker();
});
afterAll(() => home.close());

const usageOf = (name: string) => home.workspace(name).usage;

test('a running workspace shows what it takes, and no version or activity tells of it', async () => {
  await home.done('create', 'web-app');
  const { id, version } = home.workspace('web-app');
  const newest = () => home.store.activity({ workspaceId: id, limit: 1 }).items[0]?.id;
  const before = newest();
  // The fake keeps a quarter of a core busy; the times of the looks are not exact on a busy machine.
  await until('it is measured', () => Math.abs((usageOf('web-app')?.cpus ?? 0) - 0.25) < 0.1);
  expect(usageOf('web-app')).toMatchObject({ memoryMiB: 128, diskMiB: 256 });
  expect(home.workspace('web-app').version).toBe(version);
  expect(newest()).toBe(before);
});

test('the minute has its sample of what all take', async () => {
  await until('it is written', () => home.store.hostSamples().length > 0);
  const [sample] = home.store.hostSamples();
  expect(sample?.at).toMatch(/:00\.000Z$/);
  expect(sample?.running).toBeLessThanOrEqual(1);
});

test('one that is stopped shows nothing, and nothing is asked while none runs', async () => {
  await home.done('stop', 'web-app');
  expect(usageOf('web-app')).toBeNull();
  await until('what was measured is cleared', () => home.store.measurements().length === 0);
  home.steer({ methods: { usage: { failure: { code: 'internal', times: 1 } } } });
  await home.done('create', 'other');
  await until('the failure was met, and the next look came', () => usageOf('other') !== null);
});

test('a registered port tells whether something listens', async () => {
  expect(home.workspace('other').ports).toEqual([]);
  await expectTarget(home, await home.addPort('other', 3000));
  const listening = () => home.workspace('other').ports.map((port) => port.listening);
  await until('it was looked at', () => listening()[0] === true);
  await home.stub.close();
  await until('nothing answers any more', () => listening()[0] === false);
});
