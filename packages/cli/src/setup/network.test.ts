import { parseIpv4Range } from '@tidepool/core';
import { expect, test } from 'vitest';
import { fakeHost } from '../preflight/fake-host.ts';
import { fakeIncus } from './fake-incus.ts';
import { fakeSetup, fakeSurvey } from './fake-setup.ts';
import { network, rules } from './network.ts';
import type { Setup } from './setup.ts';

/** A host on 10.80.0.0/16, with these interfaces. */
function setupOf(name: string, interfaces: readonly string[], subnet: string | null): Setup {
  const missingPrograms = ['lo', 'eth0', 'tidepool0'].filter((known) => !interfaces.includes(known));
  const answers = { 'ip -json -4 route': { code: 0, output: '[{"dst":"10.80.0.0/16","dev":"eth0"}]' } };
  return fakeSetup(
    { TIDEPOOL_INCUS_NETWORK: name },
    {
      host: fakeHost({ missingPrograms, answers }),
      directory: '/var/lib/incus',
      subnet: subnet === null ? null : parseIpv4Range(subnet),
    },
  );
}

const unanswered = fakeSurvey({ remote: false, objects: null });
const eth0 = { name: 'eth0', description: '', type: 'physical', managed: false, status: '', config: {} };

test.each([
  ['the host', null],
  ['Incus', { pools: [], networks: [eth0] }],
])('an interface of the name of the bridge that %s tells of is named', async (_, objects) => {
  const setup = setupOf('eth0', ['lo', 'eth0'], null);
  const state = await network.look(setup, fakeSurvey({ remote: false, objects }));
  expect(state).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('called eth0 already') });
  expect(state).toMatchObject({ fix: expect.stringContaining('TIDEPOOL_INCUS_NETWORK') });
});

test('where no interface has its name the bridge is planned', async () => {
  const state = await network.look(setupOf('tidepool0', ['lo', 'eth0'], null), unanswered);
  expect(state).toMatchObject({ kind: 'todo', will: [expect.stringContaining('10.77.0.0/22')] });
});

test('where the bridge cannot be made nothing is promised for its rules', async () => {
  const setup = setupOf('tidepool0', ['lo', 'eth0'], '10.80.0.0/22');
  const [bridge, itsRules] = [await network.look(setup, unanswered), await rules.look(setup, unanswered)];
  expect(bridge).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('eth0 has them') });
  expect(itsRules).toMatchObject({ kind: 'blocked', detail: expect.stringContaining('cannot be made') });
});

test('its rules are looked at once more before the bridge is made: another may have got the range they were made for', async () => {
  const incus = fakeIncus({});
  const setup = fakeSetup({}, { incus, subnet: parseIpv4Range('10.90.0.0/22') });
  await network.apply(setup, fakeSurvey());
  expect(incus.changes).toEqual(['POST /1.0/network-acls', 'POST /1.0/networks']);
});
