import { expect, test } from 'vitest';
import { newPackages } from './packages.ts';

test('what apt would install anew is noted, what it would only renew is not', () => {
  const simulation = [
    'Reading package lists...',
    'The following NEW packages will be installed:',
    '  incus-base lxcfs',
    'Inst libc6 [2.36-9] (2.36-10 Debian:12.5/stable [amd64])',
    'Inst lxcfs (5.0.3-1 Debian:12.5/stable [amd64])',
    'Inst incus-base (6.0.4-2 Debian Backports:stable-backports [amd64]) []',
    'Conf lxcfs (5.0.3-1 Debian:12.5/stable [amd64])',
  ];
  expect(newPackages(simulation)).toEqual(['lxcfs', 'incus-base']);
});
