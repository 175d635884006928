/** `up` and `exec` with real sandboxes. The image comes from TIDEPOOL_IMAGES, where the test run has it ready. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlace, type Place, tidepool, tidepoolOnce, until, up } from './tidepool-process.ts';

let place: Place;

beforeEach(async () => {
  const images = process.env.TIDEPOOL_IMAGES ?? '/var/cache/tidepool/images';
  place = await makePlace({ TIDEPOOL_RUNTIME: 'sandbox', TIDEPOOL_IMAGES: images });
});

afterEach(async () => {
  await place.clear();
});

/** Created, and running. */
async function createRunning(name: string): Promise<void> {
  await until(() =>
    place
      .api()('createWorkspace', { body: { name, memoryMiB: 512 } })
      .catch(() => null),
  );
  await until(async () => (await statusOf(name)) === 'running');
}

async function statusOf(name: string): Promise<string> {
  return (await place.api()('getWorkspace', { params: { id: name } })).status;
}

test('Ctrl-C ends the sandboxes too', async () => {
  const running = await up(place);
  const without = place.processes().length;
  await createRunning('web-app');
  expect(place.processes().length).toBeGreaterThan(without);
  running.child.kill('SIGINT');
  expect(await running.ended()).toBe(0);
  expect(place.processes()).toEqual([]);
});

test('a sandbox goes on through a kill -9 and is there for the next start', async () => {
  const first = await up(place);
  await createRunning('web-app');
  const before = await tidepoolOnce(place, ['exec', 'web-app', '--', 'cat', '/proc/1/stat']);
  first.child.kill('SIGKILL');
  await first.ended();
  const second = await up(place);
  expect(second.output()).not.toContain('when Tidepool last ended');
  expect(await statusOf('web-app')).toBe('running');
  expect(before.code).toBe(0);
  expect(await tidepoolOnce(place, ['exec', 'web-app', '--', 'cut', '-d', ' ', '-f', '22', '/proc/1/stat'])).toEqual({
    code: 0,
    output: `${before.output.split(' ')[21]}\n`,
  });
});

test('workspaces that ran at the end are named at the next start', async () => {
  const first = await up(place);
  await createRunning('web-app');
  first.child.kill('SIGINT');
  expect(await first.ended()).toBe(0);
  const second = await up(place);
  expect(second.output()).toContain('1 workspace was running when Tidepool last ended.');
  expect(await place.api()('getWorkspace', { params: { id: 'web-app' } })).toMatchObject({
    status: 'stopped',
    stopReason: 'shutdown',
  });
});

test('exec passes streams and the exit code through', async () => {
  await up(place);
  await createRunning('web-app');
  const running = tidepool(place, ['exec', 'web-app', '--', 'sh', '-c', 'cat; echo aside >&2; exit 7']);
  running.child.stdin?.end('from outside\n');
  expect(await running.ended()).toBe(7);
  expect(running.output().split('\n').toSorted().filter(Boolean)).toEqual(['aside', 'from outside']);
});

test('create makes a workspace, and says why its repository was not cloned; clone-source tries again', async () => {
  await up(place);
  const plain = await tidepoolOnce(place, ['create', 'plain', '--memory', '512']);
  expect(plain).toEqual({ code: 0, output: expect.stringContaining('plain runs: /workspace/plain/') });
  const git = 'https://nowhere.invalid/project.git';
  const created = await tidepoolOnce(place, ['create', 'web-app', '--memory', '512', '--git', git, '--ref', 'main']);
  expect(created.code).toBe(1);
  expect(created.output).toContain('web-app runs: /workspace/web-app/');
  expect(created.output).toContain('The host of the repository was not found');
  expect(created.output).toContain('tidepool clone-source web-app');
  expect(await place.api()('getWorkspace', { params: { id: 'web-app' } })).toMatchObject({
    status: 'running',
    source: { git, ref: 'main', status: 'failed', error: { code: 'source_host_not_found' } },
  });
  const again = await tidepoolOnce(place, ['clone-source', 'web-app']);
  expect(again).toEqual({ code: 1, output: expect.stringContaining('The host of the repository was not found') });
  const without = await tidepoolOnce(place, ['clone-source', 'plain']);
  expect(without).toEqual({ code: 1, output: expect.stringContaining('It began without a repository.') });
  const secret = await tidepoolOnce(place, ['create', 'other', '--git', 'https://me:token@example.org/a.git']);
  expect(secret).toEqual({ code: 1, output: expect.stringContaining('No user name, password or token') });
});

test('ls and jobs list what there is, narrowed as the API does it', async () => {
  await up(place);
  await createRunning('web-app');
  await place.api()('addPort', { params: { id: 'web-app' }, body: { port: 3000, label: 'shop' } });
  const table = await tidepoolOnce(place, ['ls', '--status', 'running', '--search', 'SHOP', '--sort', '-lastUsed']);
  expect(table.code).toBe(0);
  expect(table.output).toMatch(/web-app .*running .*3000 shop/);
  expect(JSON.parse((await tidepoolOnce(place, ['ls', '--json'])).output)).toMatchObject([{ name: 'web-app' }]);
  const wrong = await tidepoolOnce(place, ['ls', '--status', 'asleep']);
  expect(wrong).toEqual({ code: 1, output: expect.stringContaining('There are: creating, starting') });
  expect((await tidepoolOnce(place, ['jobs'])).output).toMatch(/web-app .*create .*succeeded/);
  expect((await tidepoolOnce(place, ['jobs', '--failed'])).output).toContain('No job has failed.');
});

test('exec says plainly what stands in its way', async () => {
  const never = await tidepoolOnce(place, ['exec', 'web-app', '--', 'true']);
  expect(never).toEqual({ code: 1, output: expect.stringContaining('was never started') });
  const running = await up(place);
  const unknown = await tidepoolOnce(place, ['exec', 'web-app', '--', 'true']);
  expect(unknown).toEqual({ code: 1, output: expect.stringContaining('There is no workspace "web-app".') });
  await createRunning('web-app');
  await place.api()('stopWorkspace', { params: { id: 'web-app' } });
  await until(async () => (await place.api()('getWorkspace', { params: { id: 'web-app' } })).status === 'stopped');
  const stopped = await tidepoolOnce(place, ['exec', 'web-app', '--', 'true']);
  expect(stopped).toEqual({ code: 1, output: expect.stringContaining('web-app is stopped.') });
  running.child.kill('SIGINT');
  await running.ended();
  const ended = await tidepoolOnce(place, ['exec', 'web-app', '--', 'true']);
  expect(ended).toEqual({ code: 1, output: expect.stringContaining('does not answer') });
});
