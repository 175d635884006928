import { expect, test } from 'vitest';
import { pendingSize, sizeWords } from './pending-size.ts';

const size = { cpus: 2, memoryMiB: 4096, diskGiB: 20 };

test('only what the present run was not given is pending', () => {
  expect(pendingSize({ ...size, memoryMiB: 8192, inForce: size })).toEqual({ memoryMiB: 8192 });
  expect(pendingSize({ ...size, inForce: size })).toBeNull();
  expect(pendingSize({ ...size, inForce: null })).toBeNull();
});

test('a size reads as a sentence, whatever of it is given', () => {
  expect(sizeWords(size)).toBe('2 CPUs, 4 GiB of memory and 20 GiB of disk');
  expect(sizeWords({ cpus: 1 })).toBe('1 CPU');
  expect(sizeWords({ memoryMiB: 1536, diskGiB: 40 })).toBe('1.5 GiB of memory and 40 GiB of disk');
});
