import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync('/tmp/tp-');
});
afterEach(() => rmSync(directory, { recursive: true }));

const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

test('lines that arrive in pieces are written whole', () => {
  const path = join(directory, 'deep/server.jsonl');
  const log = openLogFile(path, 'server');
  log.write('{"msg":"on');
  log.write('e"}\n{"msg":"two"}\n{"msg"');
  expect(lines(path)).toEqual(['{"msg":"one"}', '{"msg":"two"}']);
});

test('what is no JSON is wrapped into it, and kept as the last words', () => {
  const path = join(directory, 'server.jsonl');
  const log = openLogFile(path, 'server', () => new Date(5));
  log.write('Error: EADDRINUSE\n    at listen\n');
  expect(lines(path).map((line) => JSON.parse(line))).toEqual([
    { level: 50, time: 5, name: 'server', msg: 'Error: EADDRINUSE' },
    { level: 50, time: 5, name: 'server', msg: '    at listen' },
  ]);
  expect(log.lastWords()).toEqual(['Error: EADDRINUSE', '    at listen']);
});

test('at 10 MiB it begins anew and keeps one old file, also when opened again', () => {
  const path = join(directory, 'worker.jsonl');
  const line = `{"msg":"${'x'.repeat(1023)}"}\n`;
  openLogFile(path, 'worker').write(line.repeat(8000));
  const log = openLogFile(path, 'worker');
  log.write(line.repeat(4000));
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(10 * 2 ** 20);
  expect(statSync(path).size).toBeLessThan(3 * 2 ** 20);
  expect(lines(path).length + lines(`${path}.1`).length).toBe(12_000);
});

test('of lines that are JSON the fatal ones are last words, with their cause', () => {
  const log = openLogFile(join(directory, 'server.jsonl'), 'server');
  log.write(
    '{"level":30,"msg":"listening"}\n{"level":60,"err":{"message":"file is not a database"},"msg":"the server fails"}\n',
  );
  expect(log.lastWords()).toEqual(['the server fails: file is not a database']);
});

test('a directory that was removed is made again, and a place that cannot be written costs only the lines', () => {
  const path = join(directory, 'deep/server.jsonl');
  const log = openLogFile(path, 'server');
  rmSync(join(directory, 'deep'), { recursive: true, force: true });
  log.write('{"msg":"one"}\n');
  expect(lines(path)).toEqual(['{"msg":"one"}']);
  const blocked = openLogFile(join(path, 'below-a-file.jsonl'), 'server');
  expect(() => blocked.write('{"msg":"two"}\n')).not.toThrow();
});
