import { expect, test } from 'vitest';
import { temporaryDirectory } from './open-test-store.ts';
import { startChild } from './start-child.ts';

/** A mount namespace, so that the small disk goes with the process; who is not root becomes it inside. */
const unshare = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount'];

test('a full disk refuses changes with disk_full but not a delete, loses nothing, and is well again when there is space', async () => {
  const child = await startChild('fill-disk.ts', [temporaryDirectory()], unshare);
  child.go();
  expect(await child.ended).toBe(0);
  expect(JSON.parse(child.lines[0] ?? 'null')).toEqual({
    refusals: Array.from({ length: 5 }, () => 'disk_full'),
    readable: true,
    violationsWhileFull: [],
    deleted: 'deleting',
    violationsAfter: [],
    lost: 0,
  });
});

test('who takes every byte that comes free can still be stopped and deleted', async () => {
  const child = await startChild('greedy-neighbour.ts', [temporaryDirectory()], unshare);
  child.go();
  expect(await child.ended).toBe(0);
  expect(JSON.parse(child.lines[0] ?? 'null')).toEqual({ done: 80, refusals: [], violations: [] });
});
