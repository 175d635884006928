import { parseConfig } from '@tidepool/core';
import { expect, test } from 'vitest';
import { fakeHost } from '../preflight/fake-host.ts';
import { fakeIncus } from './fake-incus.ts';
import { network, rules } from './network.ts';
import type { Setup } from './setup.ts';
import { noRecord } from './setup-record.ts';
import { parseRange } from './subnet.ts';
import type { IncusObjects, Survey } from './survey.ts';

const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: true, totalMemoryMiB: 16_000 };
const route = { code: 0, output: '[{"dst":"10.80.0.0/16","dev":"eth0"}]' };

function setupOf(name: string, interfaces: readonly string[], subnet: string | null): Setup {
  const missingPrograms = ['lo', 'eth0', 'tidepool0'].filter((known) => !interfaces.includes(known));
  return {
    config: parseConfig({ TIDEPOOL_INCUS_NETWORK: name }, around),
    host: fakeHost({ missingPrograms, answers: { 'ip -json -4 route': route } }),
    incus: fakeIncus({}),
    directory: '/var/lib/incus',
    record: noRecord,
    env: {},
    poolGiB: null,
    subnet: subnet === null ? null : parseRange(subnet),
    say: () => {},
    signal: AbortSignal.timeout(10_000),
  };
}

function surveyOf(objects: IncusObjects | null): Survey {
  return {
    remote: false,
    server: null,
    objects,
    trouble: null,
    isAsleep: false,
    incusd: null,
    hasPool: false,
    canVirtualize: false,
  };
}

const eth0 = { name: 'eth0', description: '', type: 'physical', managed: false, status: '', config: {} };

test.each([
  ['the host', null],
  ['Incus', { pools: [], networks: [eth0] }],
])('an interface of the name of the bridge that %s tells of is named', async (_, objects) => {
  const setup = setupOf('eth0', ['lo', 'eth0'], null);
  const state = await network.look(setup, surveyOf(objects));
  expect(state).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('called eth0 already') });
  expect(state).toMatchObject({ fix: expect.stringContaining('TIDEPOOL_INCUS_NETWORK') });
});

test('where no interface has its name the bridge is planned', async () => {
  const state = await network.look(setupOf('tidepool0', ['lo', 'eth0'], null), surveyOf(null));
  expect(state).toMatchObject({ kind: 'todo', will: [expect.stringContaining('10.77.0.0/22')] });
});

test('where the bridge cannot be made nothing is promised for its rules', async () => {
  const setup = setupOf('tidepool0', ['lo', 'eth0'], '10.80.0.0/22');
  const survey = surveyOf(null);
  const [bridge, itsRules] = [await network.look(setup, survey), await rules.look(setup, survey)];
  expect(bridge).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('eth0 has them') });
  expect(itsRules).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('cannot be made') });
});
