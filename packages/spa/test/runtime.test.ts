/** What the page says of the runtime: what running workspaces take, what it can and lacks, its images, sizes. */
import type { Capabilities } from '@tidepool/core';
import { expect, test } from 'vitest';
import { aRunning, createWorld, type World } from './stub-world.ts';
import { visits } from './visits.ts';

const enter = visits();

function change(world: World, capabilities: Partial<Capabilities>): void {
  const { observed } = world.host;
  if (!observed) throw new Error('the host was looked at');
  const runtime = { ...observed.runtime, capabilities: { ...observed.runtime.capabilities, ...capabilities } };
  world.host = { ...world.host, observed: { ...observed, runtime } };
}

test('what a running workspace takes follows the measurements, in the list and on its page', async () => {
  const world = createWorld();
  const { id } = world.add('notes', aRunning);
  world.add('draft');
  const { page, complaints } = await enter(world);
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await row('notes').getByText('2 CPUs, 4 GiB').waitFor();
  await page.getByText('Live').waitFor();
  world.measure(id, { cpus: 0.25, memoryMiB: 312, diskMiB: null });
  await row('notes').getByText('0.25 of 2').waitFor();
  await row('notes').getByText('0.3 of 4 GiB').waitFor();
  await row('draft').getByText('2 CPUs, 4 GiB').waitFor();

  await page.getByRole('link', { name: 'notes', exact: true }).click();
  await page.getByRole('heading', { name: 'Takes now' }).waitFor();
  world.measure(id, { cpus: 1.9, memoryMiB: 3072, diskMiB: null });
  await page.getByText('1.9 of 2').waitFor();
  await page.getByText('3 GiB of 4 GiB').waitFor();
  await page.getByText('not counted here').waitFor();
  world.change(id, { status: 'stopped', stopReason: 'host_restarted', usage: null });
  await page.getByText('when the host was restarted').waitFor();
  await page.getByRole('heading', { name: 'Takes now' }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('a measurement that is long past is not shown as now; a runtime that cannot measure is said', async () => {
  const world = createWorld();
  const usage = { cpus: 0.5, memoryMiB: 312, diskMiB: null, at: new Date(Date.now() - 120_000).toISOString() };
  world.add('notes', { ...aRunning, usage });
  const { page, stub } = await enter(world, '/workspaces/notes');
  await page.getByText('Not measured yet.').waitFor();
  change(world, { usage: false });
  await page.goto(`${stub.origin}/app/workspaces/notes`);
  await page.getByText('This runtime cannot measure it.').waitFor();
});

test('the host says what its runtime lacks, and which one has it', async () => {
  const world = createWorld();
  const { page } = await enter(world, '/host');
  const lacking = (words: string) => page.getByRole('listitem').filter({ hasText: words });
  await lacking('Cannot pause machines').getByText('Available with Incus.').waitFor();
  await lacking('no root').getByText('Available with Incus and Tart.').waitFor();
  await lacking('a workspace may take more').getByText('Possible where cgroup v2').waitFor();
  await page.getByText('What a workspace takes is measured').waitFor();
});

test('images are listed with who keeps them; without one it is said how to build it', async () => {
  const world = createWorld();
  const { observed } = world.host;
  if (!observed) throw new Error('the host was looked at');
  const [present] = observed.images;
  if (!present) throw new Error('it has an image');
  const old = { ...present, version: 'old1old', current: false, builtAt: '2026-01-01T12:00:00.000Z', sizeMiB: null };
  world.host = { ...world.host, observed: { ...observed, images: [old, present] } };
  for (const name of ['notes', 'draft']) world.add(name);
  const { page, stub } = await enter(world, '/host');
  const image = (version: string) => page.getByRole('listitem').filter({ hasText: version });
  await image('3f9c2a').getByText('for new workspaces').waitFor();
  await image('3f9c2a').getByText('2 workspaces').waitFor();
  await image('3f9c2a').getByText('300 MiB').waitFor();
  await image('old1old').getByText('no workspace').waitFor();
  expect(await image('old1old').getByText('for new workspaces').count()).toBe(0);
  world.host = { ...world.host, observed: { ...observed, images: [] } };
  await page.goto(`${stub.origin}/app/host`);
  await page.getByText('npm run tidepool -- image build').waitFor();
});

test('a disk is given a size, which grows and never shrinks; a choice of image is offered only where there is one', async () => {
  const world = createWorld();
  const { page, stub } = await enter(world, '/new?name=web-app');
  await page.getByText('Counted, not enforced on this host.').waitFor();
  expect(await page.getByRole('spinbutton', { name: 'Disk, GiB' }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Image' }).count()).toBe(0);
  const { observed } = world.host;
  if (!observed) throw new Error('the host was looked at');
  const lean = { name: 'lean', version: '77aa', builtAt: '2026-03-01T12:00:00.000Z', sizeMiB: 90, current: true };
  world.host = { ...world.host, observed: { ...observed, images: [...observed.images, lean] } };
  change(world, { diskLimit: true });
  await page.goto(`${stub.origin}/app/new?name=web-app`);
  await page.getByText('May grow later.').waitFor();
  await page.getByRole('combobox', { name: 'Image' }).selectOption('lean');
  await page.getByRole('spinbutton', { name: 'Disk, GiB' }).fill('30');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Creating web-app' }).waitFor();
  const made = [...world.workspaces.values()].find(({ name }) => name === 'web-app');
  expect(made).toMatchObject({ diskGiB: 30, image: 'lean@3f9c2a' });

  world.finish([...world.jobs.keys()].at(-1) ?? '');
  await page.waitForURL('**/workspace/web-app/');
  await page.goto(`${stub.origin}/app/workspaces/web-app/settings`);
  const disk = page.getByRole('spinbutton', { name: 'Disk, GiB' });
  await disk.fill('20');
  await page.getByText('At least 30, which it has.').waitFor();
  await disk.fill('40');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. Applies at the next start').waitFor();
  expect(world.workspaces.get(made?.id ?? '')?.diskGiB).toBe(40);
});
