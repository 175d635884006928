import { expect, test } from 'vitest';
import { startTimeOf } from './process-stat.ts';

const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));

test('the start time is field 22, whatever the program is called', () => {
  expect(startTimeOf(`1 (a) S) 9 9) ${fields.join(' ')}`)).toBe('22');
});

test('anything else is refused', () => {
  expect(() => startTimeOf('')).toThrow('not a /proc');
});
