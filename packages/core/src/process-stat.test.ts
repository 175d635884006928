import { expect, test } from 'vitest';
import { isOver, processStat } from './process-stat.ts';

const fields = Array.from({ length: 50 }, (_, index) => String(index + 4));

test('state and start time are fields 3 and 22, whatever the program is called', () => {
  expect(processStat(`1 (a) Z 9 9) S ${fields.join(' ')}`)).toEqual({ state: 'S', startTime: '22' });
});

test('anything else is refused', () => {
  expect(() => processStat('')).toThrow('not a /proc');
  expect(() => processStat('1 (a) S 1 2 3')).toThrow('not a /proc');
});

test('zombies and the dead are over; what sleeps, waits or was stopped is not', () => {
  expect(['Z', 'X', 'x'].map(isOver)).toEqual([true, true, true]);
  expect(['R', 'S', 'D', 'T', 't', 'I'].map(isOver)).not.toContain(true);
});
