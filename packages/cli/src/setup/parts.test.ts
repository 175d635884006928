import { expect, test } from 'vitest';
import { fakeIncus } from './fake-incus.ts';
import { fakeSetup, fakeSurvey } from './fake-setup.ts';
import { partStep } from './parts.ts';

test.each(['project', 'profile'] as const)("the %s of a project of the owner's is left alone", async (id) => {
  const config = { 'limits.memory': '1GiB' };
  const incus = fakeIncus({
    '/1.0/projects/default': { name: 'default', description: '', config: { 'features.images': 'true' } },
    '/1.0/profiles/default?project=default': { name: 'default', description: 'as I want it', config, devices: {} },
  });
  const setup = fakeSetup({ TIDEPOOL_INCUS_PROJECT: 'default' }, { incus });
  const step = partStep(id);
  const state = await step.look(setup, fakeSurvey());
  expect(state).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('left alone') });
  expect(state).toMatchObject({ fix: 'Choose another name with TIDEPOOL_INCUS_PROJECT.' });
  await expect(step.apply(setup, fakeSurvey())).rejects.toMatchObject({ code: 'runtime_not_set_up' });
  expect(incus.changes).toEqual([]);
});
