import { expect, test } from 'vitest';
import { IncusError, unreachable } from './client/incus-error.ts';
import { asFailure } from './incus-failure.ts';

test.each([
  ['Failed to run: btrfs subvolume snapshot: No space left on device', 'pool_full'],
  ['open /x: disk quota exceeded', 'pool_full'],
  ['Failed to run: forkstart: exit status 1', 'instance_failed'],
])('«%s» is %s', (message, code) => {
  expect(asFailure(new IncusError(400, message), 'instance_failed', false)).toMatchObject({ code });
});

test('a full pool passes: room that was just made shows after a while', () => {
  const error = new IncusError(400, 'No space left on device');
  expect(asFailure(error, 'instance_failed', false)).toMatchObject({ code: 'pool_full', passing: true });
});

test('what the kernel refuses inside a container that may not nest is named so, elsewhere not', () => {
  const error = new IncusError(400, 'Failed preparing container for start: mount: operation not permitted');
  expect(asFailure(error, 'instance_failed', true)).toMatchObject({ code: 'runtime_nested' });
  expect(asFailure(error, 'instance_failed', false)).toMatchObject({ code: 'instance_failed' });
});

test("what is none of Incus's comes back as it is", () => {
  const error = new Error('mine');
  expect(asFailure(error, 'instance_failed')).toBe(error);
});

test.each([
  ['EACCES', 'runtime_forbidden', false],
  ['ENOENT', 'runtime_missing', false],
  ['ECONNREFUSED', 'runtime_unavailable', true],
  ['ECONNRESET', 'runtime_unavailable', true],
])('a socket that fails with %s is %s', (code, expected, passing) => {
  const cause = Object.assign(new Error(code), { code });
  const place = { kind: 'unix', socket: '/nowhere/unix.socket' } as const;
  expect(unreachable(place, cause)).toMatchObject({ code: expected, passing });
});
