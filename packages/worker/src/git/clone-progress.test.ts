import { expect, test } from 'vitest';
import { createProgress } from './clone-progress.ts';

test('the end of each phase is noted, and every five seconds how far it is', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = createProgress(
    (line) => lines.push(line),
    () => now,
  );
  progress("Cloning into 'draft'...\nrece");
  progress('iving: 1%\rreceiving: 2%\r');
  now = 5000;
  progress('receiving: 3%\rreceiving: 4%\r');
  progress('receiving: 100%, do');
  progress('ne.\nresolving: 1%\r');
  expect(lines).toEqual(["Cloning into 'draft'...", 'receiving: 3%', 'receiving: 100%, done.']);
});

test('a line without end is cut, and has no control characters', () => {
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  for (let piece = 0; piece < 100; piece++) progress('x'.repeat(10_000));
  progress('\u001b[31mred\n');
  expect(lines.map((line) => line.length)).toEqual([300]);
  expect(lines[0]).not.toMatch(/\p{Cc}/u);
});
