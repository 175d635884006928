/** The log files of workspaces: what is written, how they are kept small, and how their end is read. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastLines } from '../src/last-lines.ts';
import { mostLogBytes, rotateLogs } from '../src/log-rotation.ts';
import { createWorkspaceLogs } from '../src/workspace-logs.ts';

let logs: string;
beforeEach(async () => {
  logs = await mkdtemp('/tmp/tp-l-');
});
afterEach(() => rm(logs, { recursive: true, force: true }));

function openLogs() {
  const output: string[] = [];
  const written = createWorkspaceLogs({
    directory: logs,
    output: { write: (line: string) => output.push(line) },
    options: { level: 'info', redact: ['*.token'] },
  });
  return { written, output };
}

test('a line goes to the output and to the workspace, with what it is about and without secrets', async () => {
  const { written, output } = openLogs();
  const { log, close } = written.open('web-app', { jobId: 'job-1' }, pino({ level: 'silent' }));
  log.child({ step: 'ensureIde' }).info({ guest: { token: 'geheim' } }, 'step finished');
  log.debug('not for this level');
  close();
  const text = await readFile(`${logs}/web-app/tidepool.jsonl`, 'utf8');
  expect(text).toBe(output.join(''));
  expect(JSON.parse(text)).toMatchObject({ jobId: 'job-1', step: 'ensureIde', msg: 'step finished' });
  expect(text).not.toContain('geheim');
});

test('a second job appends', async () => {
  const { written } = openLogs();
  for (const message of ['one', 'two']) {
    const { log, close } = written.open('web-app', {}, pino({ level: 'silent' }));
    log.info(message);
    close();
  }
  const lines = (await readFile(`${logs}/web-app/tidepool.jsonl`, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['one', 'two']);
});

test('a log that cannot be written is said and does not stop the job', async () => {
  await writeFile(`${logs}/web-app`, 'in the way');
  const said: string[] = [];
  const fallback = pino({}, { write: (line: string) => said.push(line) });
  const { log, close } = openLogs().written.open('web-app', {}, fallback);
  log.info('goes on');
  close();
  expect(said.map((line) => JSON.parse(line).msg)).toEqual(['workspace log not written', 'goes on']);
});

test('a log beyond its size gets a second generation; the instance goes on writing to the same file', async () => {
  await mkdir(`${logs}/web-app`);
  await mkdir(`${logs}/_tidepool`);
  const instance = `${logs}/web-app/instance.log`;
  await writeFile(instance, `${'first'.repeat(40)}${'a'.repeat(100)}`);
  await writeFile(`${logs}/web-app/tidepool.jsonl`, 'b'.repeat(200));
  await writeFile(`${logs}/_tidepool/instance.log`, 'c'.repeat(200));
  const { ino } = await stat(instance);

  await rotateLogs({ logs }, 100);
  await appendFile(instance, 'more');

  expect((await stat(instance)).ino).toBe(ino);
  expect(await readFile(instance, 'utf8')).toBe('more');
  expect(await readFile(`${logs}/web-app/instance.1.log`, 'utf8')).toBe('a'.repeat(100));
  expect((await readdir(`${logs}/web-app`)).sort()).toEqual(['instance.1.log', 'instance.log', 'tidepool.1.jsonl']);
  expect(await readdir(`${logs}/_tidepool`)).toEqual(['instance.log']);
});

test('of a log that its guest has stretched no more than the most is copied', async () => {
  await mkdir(`${logs}/web-app`);
  const instance = `${logs}/web-app/instance.log`;
  await writeFile(instance, 'a');
  await truncate(instance, 3 * 2 ** 30);
  await appendFile(instance, 'the end');
  await rotateLogs({ logs });
  expect((await stat(instance)).size).toBe(0);
  const kept = await stat(`${logs}/web-app/instance.1.log`);
  expect(kept.size).toBe(mostLogBytes);
  expect(await lastLines(`${logs}/web-app/instance.1.log`, 1)).toEqual([expect.stringMatching(/the end$/)]);
});

test('a log that cannot be rotated leaves the others to be, and is told', async () => {
  for (const name of ['one', 'two']) {
    await mkdir(`${logs}/${name}`);
    for (const file of ['instance.log', 'tidepool.jsonl']) await writeFile(`${logs}/${name}/${file}`, 'a'.repeat(200));
  }
  // In the way of the second generation.
  await mkdir(`${logs}/one/instance.1.log`);
  await expect(rotateLogs({ logs }, 100)).rejects.toThrow('one/instance');
  expect((await readdir(`${logs}/one`)).sort()).toEqual(['instance.1.log', 'instance.log', 'tidepool.1.jsonl']);
  expect((await readdir(`${logs}/two`)).sort()).toEqual(['instance.1.log', 'instance.log', 'tidepool.1.jsonl']);
  expect((await stat(`${logs}/two/instance.log`)).size).toBe(0);
});

test('on a full disk a log beyond its size is emptied, and half a second generation is not kept', async () => {
  const script = fileURLToPath(new URL('rotate-on-full-disk.ts', import.meta.url));
  // A mount namespace, so that the small disk goes with the process; who is not root becomes it inside.
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = [...asRoot, '--mount', process.execPath, script, logs];
  const { stdout } = await promisify(execFile)('unshare', command, { timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual({
    one: { 'instance.log': 0 },
    // The first has made room.
    two: { 'instance.log': 0, 'instance.1.log': 100_000 },
  });
});

test('logs that are not there are none to rotate', async () => {
  await rotateLogs({ logs: `${logs}/missing` });
  expect(await lastLines(`${logs}/missing/instance.log`, 3)).toEqual([]);
});

test('the last lines of a long log are read, empty ones left out', async () => {
  const path = `${logs}/instance.log`;
  const lines = Array.from({ length: 5000 }, (_, number) => `line ${number}`);
  await writeFile(path, `${lines.join('\r\n')}\n\n`);
  expect(await lastLines(path, 3)).toEqual(['line 4997', 'line 4998', 'line 4999']);
});
