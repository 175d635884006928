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

function looks(env: Record<string, string>, incus: readonly Finding[], isThere = true) {
  const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: false, totalMemoryMiB: 16_000 };
  const host = fakeHost({ incus, missingPrograms: isThere ? [] : ['unix.socket'] });
  return checkIncus({ host, config: parseConfig(env, around), imageBuilt: true, ownPids: new Set() });
}

test('where Incus is asked for, all that its set-up finds is shown', async () => {
  expect(await looks({ TIDEPOOL_RUNTIME: 'incus' }, [right, missing])).toEqual([right, missing]);
});

test('where it only could be used, what it lacks is a warning with the way to it', async () => {
  expect(await looks({}, [right, missing])).toMatchObject([
    {
      status: 'warning',
      detail: expect.stringContaining('Storage pool: Missing.'),
      commands: ['npm run tidepool -- setup incus'],
    },
  ]);
  expect(await looks({}, [right])).toMatchObject([{ id: 'incus', status: 'ok' }]);
});

test.each(['sandbox', 'fake', 'tart'])('with TIDEPOOL_RUNTIME=%s nothing is said of it', async (runtime) => {
  expect(await looks({ TIDEPOOL_RUNTIME: runtime }, [missing])).toEqual([]);
});

test('where no Incus is, nothing is said of it', async () => {
  expect(await looks({}, [missing], false)).toEqual([]);
});
