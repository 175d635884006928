import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { consoleTail } from './console-tail.ts';

function file(content: string | Buffer): string {
  const directory = mkdtempSync('/tmp/tp-');
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'instance.log');
  writeFileSync(path, content);
  return path;
}

test('a short log is given whole, a missing one is empty', async () => {
  expect(await consoleTail(file('one\ntwö\n'))).toBe('one\ntwö\n');
  expect(await consoleTail('/nowhere/instance.log')).toBe('');
});

test('of a long one the last whole lines are given, 64 KiB at most', async () => {
  const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number}`);
  const tail = await consoleTail(file(`${lines.join('\n')}\n`));
  expect(tail).toMatch(/^line \d+\n/);
  expect(tail.endsWith('line 19999\n')).toBe(true);
  expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(65_536);
  expect(Buffer.byteLength(tail)).toBeGreaterThan(65_000);
});

test('what is no text does not grow', async () => {
  expect(Buffer.byteLength(await consoleTail(file(Buffer.alloc(200_000, 0xff))))).toBeLessThanOrEqual(65_536);
});
