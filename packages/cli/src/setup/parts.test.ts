import { parseConfig } from '@tidepool/core';
import { expect, test } from 'vitest';
import { fakeHost } from '../preflight/fake-host.ts';
import { fakeIncus } from './fake-incus.ts';
import { partStep } from './parts.ts';
import type { Setup } from './setup.ts';
import { noRecord } from './setup-record.ts';
import type { Survey } from './survey.ts';

const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: true, totalMemoryMiB: 16_000 };

const survey: Survey = {
  remote: true,
  server: null,
  objects: { pools: [], networks: [] },
  trouble: null,
  isAsleep: false,
  incusd: null,
  hasPool: true,
  canVirtualize: false,
};

test.each(['project', 'profile'] as const)("the %s of a project of the owner's is left alone", async (id) => {
  const config = { 'limits.memory': '1GiB' };
  const incus = fakeIncus({
    '/1.0/projects/default': { name: 'default', description: '', config: { 'features.images': 'true' } },
    '/1.0/profiles/default?project=default': { name: 'default', description: 'as I want it', config, devices: {} },
  });
  const setup: Setup = {
    config: parseConfig({ TIDEPOOL_INCUS_PROJECT: 'default' }, around),
    host: fakeHost(),
    incus,
    directory: null,
    record: noRecord,
    env: {},
    poolGiB: null,
    subnet: null,
    say: () => {},
    signal: AbortSignal.timeout(10_000),
  };
  const step = partStep(id);
  const state = await step.look(setup, survey);
  expect(state).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('left alone') });
  expect(state).toMatchObject({ fix: 'Choose another name with TIDEPOOL_INCUS_PROJECT.' });
  await expect(step.apply(setup, survey)).rejects.toMatchObject({ code: 'runtime_not_set_up' });
  expect(incus.changes).toEqual([]);
});
