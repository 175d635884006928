import { expect, test } from 'vitest';
import type { Capabilities } from './host.ts';
import { abilities, matrixDisagreements, runtimeMatrix, runtimesWith } from './runtime-matrix.ts';

const sandbox: Capabilities = {
  isolation: 'namespaces',
  limits: false,
  diskLimit: false,
  pause: false,
  snapshot: false,
  clone: false,
  console: true,
  usage: true,
  rootInside: false,
};

test('what depends on the host agrees either way; what does not is named', () => {
  expect(matrixDisagreements('sandbox', sandbox)).toEqual([]);
  expect(matrixDisagreements('sandbox', { ...sandbox, limits: true })).toEqual([]);
  expect(matrixDisagreements('sandbox', { ...sandbox, snapshot: true })).toEqual([
    'snapshot: the matrix says no, sandbox says true',
  ]);
});

test('an adapter without a row is named', () => {
  expect(matrixDisagreements('sandbox', { ...sandbox, isolation: 'virtual-machine' })).toEqual([
    'sandbox with virtual-machine has no row',
  ]);
});

test('what one lacks is had by others, never by the fake', () => {
  expect(runtimesWith('snapshot', 'sandbox')).toEqual(['incus']);
  expect(runtimesWith('rootInside', 'sandbox')).toEqual(['incus', 'tart']);
  expect(runtimesWith('pause', 'incus')).toEqual([]);
});

test('what depends on the host has a note that says on what', () => {
  for (const row of runtimeMatrix) {
    for (const ability of abilities.filter((each) => row.can[each] === 'some')) {
      expect(row.notes[ability], `${row.title}: ${ability}`).toBeTypeOf('string');
    }
  }
});
