import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createTerminal } from './environment.ts';

test('what is said keeps its lines, and nothing in it steers the terminal', () => {
  const [out, err] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY: false }));
  if (!out || !err) throw new Error('two streams');
  const terminal = createTerminal(out as never, err as never);
  terminal.say('two\nlines, a label with \u001B[2J in it');
  terminal.complain('\u009B31mand a message');
  expect(String(out.read())).toBe('two\nlines, a label with \uFFFD[2J in it\n');
  expect(String(err.read())).toBe('\uFFFD31mand a message\n');
});
