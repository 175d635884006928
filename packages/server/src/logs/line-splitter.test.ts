import { expect, test } from 'vitest';
import { createLineSplitter, maxLineBytes } from './line-splitter.ts';

test('lines come whole, however the bytes were cut', () => {
  const text = 'one\ntwo\r\n\nthree – ü\nrest';
  const bytes = Buffer.from(text);
  for (const size of [1, 2, 3, 7, 1000]) {
    const splitter = createLineSplitter();
    const lines: string[] = [];
    for (let from = 0; from < bytes.length; from += size)
      lines.push(...splitter.push(bytes.subarray(from, from + size)));
    expect(lines).toEqual(['one', 'two', '', 'three – ü']);
    expect(splitter.rest()).toEqual(['rest']);
    expect(splitter.rest()).toEqual([]);
  }
});

test('a line without end is cut short and the next one is whole again', () => {
  const splitter = createLineSplitter();
  for (let index = 0; index < 100; index += 1) expect(splitter.push(Buffer.alloc(100_000, 'x'))).toEqual([]);
  const [long = '', next] = splitter.push(Buffer.from('end\nnext\n'));
  expect(long).toHaveLength(maxLineBytes + 1);
  expect(long.endsWith('x…')).toBe(true);
  expect(next).toBe('next');
});

test('bytes that are no UTF-8 are shown as such', () => {
  expect(createLineSplitter().push(Buffer.from([0x61, 0xff, 0x0a]))).toEqual(['a\ufffd']);
});
