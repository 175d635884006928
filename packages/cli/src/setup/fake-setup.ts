/** A set-up for tests of an Incus elsewhere that answers and holds nothing, and what a test has otherwise. */
import { parseConfig } from '@tidepool/core';
import { fakeHost } from '../preflight/fake-host.ts';
import { fakeIncus } from './fake-incus.ts';
import type { Setup } from './setup.ts';
import { noRecord } from './setup-record.ts';
import type { Survey } from './survey.ts';

export function fakeSetup(
  env: Readonly<Record<string, string>> = {},
  changes: Partial<Omit<Setup, 'config' | 'env'>> = {},
): Setup {
  const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: true, totalMemoryMiB: 16_000 };
  return {
    config: parseConfig(env, around),
    env,
    host: fakeHost(),
    incus: fakeIncus({}),
    directory: null,
    record: noRecord,
    poolGiB: null,
    subnet: null,
    say: () => {},
    signal: AbortSignal.timeout(10_000),
    ...changes,
  };
}

export function fakeSurvey(changes: Partial<Survey> = {}): Survey {
  return {
    remote: true,
    server: null,
    objects: { pools: [], networks: [] },
    trouble: null,
    isAsleep: false,
    incusd: null,
    hasPool: true,
    canVirtualize: false,
    ...changes,
  };
}
