import { expect, test } from 'vitest';
import { fakeIncus } from './fake-incus.ts';
import { fakeSetup, fakeSurvey } from './fake-setup.ts';
import { instanceType } from './instance-type.ts';

const image = {
  fingerprint: 'f',
  type: 'virtual-machine',
  size: 1,
  properties: { 'tidepool.built': '2026-01-02T03:04:05Z' },
  aliases: [{ name: 'workspace-vm/0123456789ab' }],
};
const server = (driver: string) => ({ version: '6.0.4', driver, pid: 1, storageDrivers: [] });

function looks(type: string, driver: string, images: readonly unknown[] | null) {
  const incus = fakeIncus(
    images === null
      ? {}
      : {
          '/1.0/projects/tidepool': { name: 'tidepool', description: '', config: {} },
          '/1.0/images?project=tidepool': images,
        },
  );
  return instanceType.look(fakeSetup({ TIDEPOOL_INCUS_TYPE: type }, { incus }), fakeSurvey({ server: server(driver) }));
}

test.each([
  ['on a server that cannot run them', 'lxc', [image], 'KVM'],
  ['without an image for them', 'lxc | qemu', [], 'no workspace image'],
])('virtual machines that are insisted on %s are refused', async (_, driver, images, why) => {
  expect(await looks('virtual-machine', driver, images)).toMatchObject({
    kind: 'blocked',
    detail: expect.stringContaining(why),
    fix: expect.stringContaining('Leave TIDEPOOL_INCUS_TYPE out'),
  });
});

test.each([
  ['virtual-machine', 'lxc | qemu', [image], 'Virtual machines, as TIDEPOOL_INCUS_TYPE says.'],
  ['container', 'lxc | qemu', [image], 'System containers, as TIDEPOOL_INCUS_TYPE says.'],
  ['auto', 'lxc | qemu', [image], 'Virtual machines.'],
  ['auto', 'lxc | qemu', [], 'System containers.'],
  ['auto', 'lxc', null, 'System containers.'],
])('with %s on a server with %s and the images %j: %s', async (type, driver, images, detail) => {
  expect(await looks(type, driver, images)).toEqual({ kind: 'done', detail });
});

test('before there is a project nobody is asked for an image', async () => {
  expect(await looks('virtual-machine', 'lxc | qemu', null)).toMatchObject({ kind: 'done' });
});

test('before the daemon runs, what this host has decides', async () => {
  const setup = fakeSetup({ TIDEPOOL_INCUS_TYPE: 'virtual-machine' });
  const of = (canVirtualize: boolean) => instanceType.look(setup, fakeSurvey({ objects: null, canVirtualize }));
  expect(await of(false)).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('KVM') });
  expect(await of(true)).toMatchObject({ kind: 'done' });
});
