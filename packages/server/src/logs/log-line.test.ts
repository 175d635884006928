import { expect, test } from 'vitest';
import { isBlank, readInstanceLine, readLines, readTidepoolLine } from './log-line.ts';

const at = '2026-03-01T12:00:00.000Z';

test('a line of the editor has its own time and level', () => {
  expect(readInstanceLine('[2026-03-01T11:00:00.5Z] warn  disk is low', at, at)).toEqual({
    at: '2026-03-01T11:00:00.500Z',
    level: 'warn',
    source: 'instance',
    message: 'disk is low',
  });
});

test.each(['npm start', '', '[2026-99-99T11:00:00Z] info x', '{"level":30}'])('%j has none', (line) => {
  expect(readInstanceLine(line, at, at)).toMatchObject({ at, level: 'info' });
});

test('colours and what else only a terminal obeys are left out, and a line of nothing else is blank', () => {
  const line =
    '\u001b[2m[2026-03-01T11:00:00Z]\u001b[0m \u001b[32minfo\u001b[0m ready\u0007\tin \u001b]0;title\u00073 s\r';
  expect(readInstanceLine(line, at, at)).toMatchObject({ at: '2026-03-01T11:00:00.000Z', message: 'ready\tin 3 s' });
  expect(isBlank('\u001b[0m\r')).toBe(true);
});

test('a line of the worker is what pino wrote', () => {
  const line = JSON.stringify({
    level: 50,
    time: Date.parse(at),
    name: 'worker',
    msg: 'step failed',
    err: { message: 'no' },
  });
  expect(readTidepoolLine(line, '', '')).toEqual({ at, level: 'error', source: 'worker', message: 'step failed: no' });
});

test.each(['', 'not JSON', '[]', '{"level":"30"}', '{"level":30,"time":1e99,"msg":"x"}'])(
  '%j stays as it is',
  (line) => {
    expect(readTidepoolLine(line, at, at)).toEqual({ at, level: 'info', source: 'worker', message: line });
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

test('a clock is of the day of the line before, and of the next one after midnight', () => {
  const lines = [
    '[2026-03-01T23:59:58.900Z] info a',
    '[23:59:58] b',
    '[23:59:59] c',
    'trace',
    '[00:00:02] d',
    '[00:00:01] late',
  ];
  const read = readLines(lines, readInstanceLine, new Date('2026-03-02T08:00:00Z'));
  expect(read.map((line) => [line.at.slice(8, 19), line.message])).toEqual([
    ['01T23:59:58', 'a'],
    ['01T23:59:58', 'b'],
    ['01T23:59:59', 'c'],
    ['01T23:59:59', 'trace'],
    ['02T00:00:02', 'd'],
    ['02T00:00:02', 'late'],
  ]);
});

test('clocks alone are dated back from when the file was written, and none is later than that', () => {
  const lines = ['[23:00:00] a', '[07:00:00] b', '[09:00:00] from another clock', '[07:30:00] c'];
  const read = readLines(lines, readInstanceLine, new Date('2026-03-02T08:00:00Z'));
  expect(read.map((line) => line.at)).toEqual(read.map((line) => line.at).toSorted());
  expect(readLines(['[23:00:00] a', '[07:00:00] b'], readInstanceLine, new Date('2026-03-02T08:00:00Z'))).toMatchObject(
    [
      { at: '2026-03-01T23:00:00.000Z', message: 'a' },
      { at: '2026-03-02T07:00:00.000Z', message: 'b' },
    ],
  );
  expect(read.every((line) => line.at <= '2026-03-02T08:00:00.000Z')).toBe(true);
});

test.each([
  [{ msg: 'job claimed', kind: 'create' }, 'job claimed: create'],
  [{ msg: 'step finished', kind: 'create', step: 'ensureIde', durationMs: 1_254 }, 'step finished: ensureIde, 1.25 s'],
  [{ msg: 'job ended', kind: 'create', outcome: 'succeeded', next: [] }, 'job ended: create, succeeded'],
  [
    { msg: 'step failed', kind: 'stop', step: 'stopInstance', durationMs: 20, err: { message: 'no' } },
    'step failed: stopInstance, 0.02 s: no',
  ],
  [
    { msg: 'git', kind: 'create', step: 'cloneSource', said: 'Receiving objects: 100% (3/3), done.' },
    'git: cloneSource: Receiving objects: 100% (3/3), done.',
  ],
])('%j says what it is about', (fields, message) => {
  const line = JSON.stringify({ level: 30, time: Date.parse(at), name: 'worker', ...fields });
  expect(readTidepoolLine(line, '', '')).toMatchObject({ message });
});

test.each([
  ['', true],
  [' \t', true],
  ['[08:26:16] ', true],
  ['[08:26:16] x', false],
  ['x', false],
])('%j is blank: %s', (line, blank) => {
  expect(isBlank(line)).toBe(blank);
});
