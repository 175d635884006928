import { expect, test } from 'vitest';
import { rangeLine } from './id-ranges.ts';

test.each([
  ['', 'root:1000000:1000000000'],
  ['ann:100000:65536\n', 'root:1000000:1000000000'],
  ['ann:1000000:65536\nbob:1065536:65536\n', 'root:1131072:1000000000'],
  ['root:100000:1000\n', 'root:1000000:1000000000'],
  ['# nothing\nnonsense\n', 'root:1000000:1000000000'],
])('%j gets %s, behind what is given away', (text, line) => {
  expect(rangeLine(text)).toBe(line);
});

test.each(['root:1000000:1000000000\n', '0:100000:65536', 'ann:1:1\nroot:100000:65536\n'])(
  '%j has a range for root already',
  (text) => {
    expect(rangeLine(text)).toBeNull();
  },
);
