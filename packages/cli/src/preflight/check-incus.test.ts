import { type Finding, parseConfig } from '@tidepool/core';
import { expect, test } from 'vitest';
import { checkIncus } from './check-incus.ts';
import { fakeHost } from './fake-host.ts';

const right: Finding = {
  id: 'incus.daemon',
  title: 'Incus daemon',
  status: 'ok',
  detail: '6.0',
  fix: null,
  commands: [],
};
const missing: Finding = { ...right, id: 'incus.pool', title: 'Storage pool', status: 'failed', detail: 'Missing.' };

function looks(env: Record<string, string>) {
  const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: false, totalMemoryMiB: 16_000 };
  const host = fakeHost({ incus: [right, missing] });
  return checkIncus({ host, config: parseConfig(env, around), toBuild: [], ownPids: new Set() });
}

test('where Incus may be the runtime, what is found of it is shown', async () => {
  expect(await looks({ TIDEPOOL_RUNTIME: 'incus' })).toEqual([right, missing]);
  expect(await looks({})).toEqual([right, missing]);
});

test.each(['sandbox', 'fake', 'tart'])('with TIDEPOOL_RUNTIME=%s nothing is said of it', async (runtime) => {
  expect(await looks({ TIDEPOOL_RUNTIME: runtime })).toEqual([]);
});
