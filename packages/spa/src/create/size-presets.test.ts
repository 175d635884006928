import { expect, test } from 'vitest';
import { aHost } from '../../test/stub-host.ts';
import { sizePresets } from './size-presets.ts';

const labels = (budgetMiB: number, memoryMiB: number) => {
  const host = aHost();
  return sizePresets({
    ...host,
    capacity: { ...host.capacity, budgetMiB },
    defaults: { ...host.defaults, memoryMiB },
  }).map(({ label, memory }) => `${label} ${memory}`);
};

test('half of the usual, the usual, and twice that', () => {
  expect(labels(30_720, 4096)).toEqual(['Small 2', 'Usual 4', 'Large 8']);
});

test('a size that this host could never hold, or that is too little, is not offered', () => {
  expect(labels(6_000, 4096)).toEqual(['Small 2', 'Usual 4']);
  expect(labels(30_720, 768)).toEqual(['Usual 0.75', 'Large 1.5']);
});
