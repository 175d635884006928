import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deviceOf, keepCounting } from './quotas.ts';

const mounts = `24 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 24 0:41 / /var/lib/incus/storage-pools/tidepool rw,relatime shared:4 - tmpfs tmpfs rw
91 24 0:42 / /var/lib/incus/storage-pools/tidepool rw,relatime - btrfs /dev/loop3 rw,space_cache=v2
92 24 0:43 / /var/lib/incus/storage-pools/other rw,relatime - zfs pool/other rw
`;

test.each([
  ['tidepool', 'loop3'],
  ['other', null],
  ['missing', null],
])('the pool %s lies on %s', (pool, device) => {
  expect(deviceOf(mounts, `/var/lib/incus/storage-pools/${pool}`)).toBe(device);
});

let groups: string;
beforeEach(() => {
  groups = mkdtempSync('/tmp/tp-');
  writeFileSync(`${groups}/inconsistent`, '1\n');
});
afterEach(() => rmSync(groups, { recursive: true }));

test('a count that was given up is told apart', () => {
  writeFileSync(`${groups}/drop_subtree_threshold`, '3\n');
  expect(keepCounting(groups, '/pool')).toBe('given up');
  writeFileSync(`${groups}/inconsistent`, '0\n');
  expect(keepCounting(groups, '/pool')).toBe('counting');
});

test('where the kernel takes no other threshold the pool and the way out are named', () => {
  // A file that nobody can write, whoever runs this.
  symlinkSync('/proc/version', `${groups}/drop_subtree_threshold`);
  const refusal = {
    code: 'runtime_unavailable',
    message: expect.stringContaining('the pool at /pool'),
    fix: expect.stringContaining(`${groups}/drop_subtree_threshold`),
  };
  expect(() => keepCounting(groups, '/pool')).toThrow(expect.objectContaining(refusal));
});
