import { expect, test } from 'vitest';
import { deviceOf } from './quotas.ts';

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
