import { expect, test } from 'vitest';
import { checkSize } from './check-size.ts';

const now = { cpus: 2, memoryMiB: 4096, diskGiB: 20 };
const same = { cpus: '2', memory: null, disk: '20' };

test('only what differs is asked for', () => {
  expect(checkSize(same, now)).toEqual({ errors: {}, body: null });
  expect(checkSize({ ...same, memory: '8' }, now)).toEqual({ errors: {}, body: { memoryMiB: 8192 } });
  expect(checkSize({ ...same, cpus: '4', disk: '40' }, now).body).toEqual({ cpus: 4, diskGiB: 40 });
});

test.each([
  ['cpus', { ...same, cpus: '' }, 'whole number'],
  ['memory', { ...same, memory: '0.1' }, 'At least 0.5 GiB.'],
  ['disk', { ...same, disk: '20.5' }, 'whole number'],
  ['disk', { ...same, disk: '10' }, 'At least 20, which it has.'],
  ['disk', { ...same, disk: '' }, 'whole number'],
] as const)('%s of %j is refused with the reason', (field, input, reason) => {
  const { errors, body } = checkSize(input, now);
  expect(errors[field]).toContain(reason);
  expect(body).toBeNull();
});
