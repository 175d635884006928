import { incusLabel, trialLabel } from '@tidepool/runtime';
import { expect, test } from 'vitest';
import { fakeIncus } from './fake-incus.ts';
import { fakeSetup, fakeSurvey } from './fake-setup.ts';
import { objectRemovals } from './undo-objects.ts';

const project = { name: 'tidepool', description: '', config: incusLabel };
const pool = { name: 'tidepool', driver: 'btrfs', status: 'Created', config: incusLabel, description: '' };
const survey = fakeSurvey({ objects: { pools: [pool], networks: [] } });

/** What undo asks Incus for, from a project with these instances. */
async function undone(instances: readonly { name: string; config: Record<string, string> }[]): Promise<string[]> {
  const incus = fakeIncus({
    '/1.0/projects/tidepool': project,
    '/1.0/instances?project=tidepool': instances,
    '/1.0/images?project=tidepool': [],
    '/1.0/storage-pools/tidepool/volumes/custom?project=tidepool': [],
  });
  for (const { carryOut } of await objectRemovals(fakeSetup({}, { incus }), survey)) await carryOut();
  return incus.changes;
}

test('what a dead boot test left behind goes', async () => {
  const left = { name: 'boot-test-0123', config: { [trialLabel]: '0123456789ab' } };
  expect(await undone([left])).toContain('DELETE /1.0/instances/boot-test-0123?project=tidepool');
});

test.each([
  [[], 'DELETE /1.0/storage-pools/tidepool'],
  [['/1.0/profiles/default?project=tidepool2'], null],
  [['/1.0/instances/db'], null],
])('with %j on it, what is asked for the pool is %j', async (users, asked) => {
  const lines: string[] = [];
  const incus = fakeIncus({ '/1.0/storage-pools/tidepool': { ...pool, used_by: users } });
  const setup = fakeSetup({}, { incus, say: (line) => void lines.push(line) });
  for (const { carryOut } of await objectRemovals(setup, survey)) await carryOut();
  expect(incus.changes).toEqual(asked === null ? [] : [asked]);
  expect(lines).toEqual(users.map((user) => `The storage pool tidepool stays: ${user} is on it.`));
});

test('a workspace is kept and named, whatever else it is labelled', async () => {
  const config = { [trialLabel]: 'x', 'user.tidepool.workspace': 'x', 'user.tidepool.name': 'web-app' };
  await expect(undone([{ name: 'tp-x', config }])).rejects.toThrow('web-app');
});
