import { expect, test } from 'vitest';
import { readInstanceLine, readLines, readTidepoolLine } from './log-line.ts';

const at = '2026-03-01T12:00:00.000Z';

test('a line of the editor has its own time and level', () => {
  expect(readInstanceLine('[2026-03-01T11:00:00.5Z] warn  disk is low', at)).toEqual({
    at: '2026-03-01T11:00:00.500Z',
    level: 'warn',
    source: 'instance',
    message: 'disk is low',
  });
});

test.each(['npm start', '', '[2026-99-99T11:00:00Z] info x', '{"level":30}'])('%j has none', (line) => {
  expect(readInstanceLine(line, at)).toMatchObject({ at, level: 'info' });
});

test('a line of the worker is what pino wrote', () => {
  const line = JSON.stringify({
    level: 50,
    time: Date.parse(at),
    name: 'worker',
    msg: 'step failed',
    err: { message: 'no' },
  });
  expect(readTidepoolLine(line, '')).toEqual({ at, level: 'error', source: 'worker', message: 'step failed: no' });
});

test.each(['', 'not JSON', '[]', '{"level":"30"}', '{"level":30,"time":1e99,"msg":"x"}'])(
  '%j stays as it is',
  (line) => {
    expect(readTidepoolLine(line, at)).toEqual({ at, level: 'info', source: 'worker', message: line });
  },
);

test('a line without a time is as old as the one before it', () => {
  const lines = ['first', '[2026-03-01T11:00:00Z] info a', 'trace', '[2026-03-01T11:30:00Z] info b'];
  expect(readLines(lines, readInstanceLine, new Date(at)).map((line) => line.at)).toEqual([
    '2026-03-01T11:00:00.000Z',
    '2026-03-01T11:00:00.000Z',
    '2026-03-01T11:00:00.000Z',
    '2026-03-01T11:30:00.000Z',
  ]);
});
