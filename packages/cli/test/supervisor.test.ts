import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify, isAlive } from '../src/process-identity.ts';
import { type Keeper, keep, type ProcessSpec } from '../src/supervisor/keeper.ts';
import { clearLeftovers } from '../src/supervisor/leftovers.ts';
import { openLogFile } from '../src/supervisor/log-file.ts';
import { openProcessRecord, type RecordedProcess } from '../src/supervisor/process-record.ts';
import { until } from './tidepool-process.ts';

let directory: string;
const keepers: Keeper[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync('/tmp/tp-');
  chmodSync(directory, 0o711);
});

afterEach(async () => {
  for (const keeper of keepers.splice(0)) {
    keeper.kill();
    await keeper.stop({ signal: 'SIGKILL' }, 1_000);
  }
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);
const log = pino({ level: 'silent' });

/** Runs `script` in Node, with `note(word)` at hand, which adds a line to `notes`. */
function kept(script: string, changes: Partial<ProcessSpec> = {}, adopt?: number): Keeper {
  const note = `const note = (word) => require('node:fs').appendFileSync(${JSON.stringify(path('notes'))}, word + '\\n');`;
  const spec: ProcessSpec = {
    name: 'child',
    command: () => [process.execPath, '-e', `${note}\n${script}`],
    env: { PATH: process.env.PATH },
    ipc: true,
    output: 'pipe',
    mark: 'child',
    ...changes,
  };
  const identity = adopt === undefined ? null : identify(adopt);
  const keeper = keep({
    spec,
    log,
    logFile: openLogFile(path('logs/child.jsonl'), 'child'),
    record: openProcessRecord(directory, log),
    ...(identity === null ? {} : { adopt: identity }),
  });
  keepers.push(keeper);
  return keeper;
}

function notes(): string[] {
  return existsSync(path('notes')) ? readFileSync(path('notes'), 'utf8').split('\n').filter(Boolean) : [];
}

/** A process that lives until it is killed, and is nobody's to keep. */
async function stray(): Promise<ChildProcess & { pid: number }> {
  const child = spawn('sleep', ['600'], { detached: true });
  children.push(child);
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error('sleep did not start');
  return Object.assign(child, { pid: child.pid });
}

test('what ends is started again, after a delay that grows', async () => {
  const keeper = kept('note(String(performance.timeOrigin)); process.exit(3)');
  await until(() => notes().length >= 5);
  const starts = notes().map(Number);
  const delays = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  for (const [index, least] of [100, 200, 400, 800].entries()) expect(delays[index]).toBeGreaterThanOrEqual(least - 20);
  expect(keeper.failures()).toBeGreaterThanOrEqual(4);
});

test('a program that is not there is tried again, and its log says why', async () => {
  const keeper = kept('', { command: () => ['/nowhere/program'] });
  await until(() => keeper.failures() >= 2);
  expect(keeper.log.lastWords().join('\n')).toContain('/nowhere/program');
});

test('what it says before its log stands is kept as its last words', async () => {
  const keeper = kept("console.log(JSON.stringify({ msg: 'fine' })); console.error('no such port'); process.exit(1)");
  await until(() => keeper.failures() >= 1);
  await until(() => keeper.log.lastWords().length > 0);
  expect(keeper.log.lastWords()[0]).toBe('no such port');
  const lines = readFileSync(path('logs/child.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(expect.arrayContaining(['fine', 'no such port']));
});

test('its command is asked for at each start, with how often it failed', async () => {
  const asked: number[] = [];
  kept('', {
    command: (failures) => {
      asked.push(failures);
      return [process.execPath, '-e', 'process.exit(1)'];
    },
  });
  await until(() => asked.length >= 3);
  expect(asked.slice(0, 3)).toEqual([0, 1, 2]);
});

test('what is to be renewed is ended by force and started again', async () => {
  const keeper = kept("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); note('up')");
  await until(() => notes().length === 1);
  keeper.renew();
  await until(() => notes().length === 2);
  expect(keeper.failures()).toBe(1);
});

test('stop asks by message and waits; what has ended is not started again', async () => {
  const keeper = kept(
    "note('up'); process.on('message', (m) => { note(m.type); setTimeout(() => { note('done'); process.exit(0) }, 100) })",
  );
  await until(() => notes().includes('up'));
  await keeper.stop({ message: { type: 'shutdown' } }, 20_000);
  expect(notes()).toEqual(['up', 'shutdown', 'done']);
  expect(openProcessRecord(directory, log).read()).toEqual({});
});

test('stop asks by signal, and ends by force what does not listen', async () => {
  const keeper = kept("process.on('SIGTERM', () => note('asked')); setInterval(() => {}, 1000); note('up')");
  await until(() => notes().includes('up'));
  const pid = openProcessRecord(directory, log).read().child?.pid ?? 0;
  await keeper.stop({ signal: 'SIGTERM' }, 300);
  expect(notes()).toEqual(['up', 'asked']);
  expect(identify(pid)).toBeNull();
});

test('stop while it waits for its next start does not start it', async () => {
  const keeper = kept("note('up'); process.exit(1)");
  await until(() => keeper.failures() >= 3);
  await keeper.stop({ signal: 'SIGTERM' }, 1_000);
  const count = notes().length;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(notes()).toHaveLength(count);
});

test('a child learns of the end of its keeper by its channel', async () => {
  kept("process.on('disconnect', () => { note('alone'); process.exit(0) }); note('up')");
  await until(() => notes().includes('up'));
  const keeperScript = `
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['-e', ${JSON.stringify(
      `process.on('disconnect', () => { require('node:fs').writeFileSync(${JSON.stringify(path('alone'))}, ''); process.exit(0) });`,
    )}], { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }).once('spawn', () => console.log('up'));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', keeperScript], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(parent);
  await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  await until(() => existsSync(path('alone')));
});

test('an adopted process is left alone while it lives, and started anew when it is gone', async () => {
  const { pid } = await stray();
  kept("note('up'); setInterval(() => {}, 1000)", {}, pid);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(notes()).toEqual([]);
  process.kill(pid, 'SIGKILL');
  await until(() => notes().includes('up'));
});

test('stop ends an adopted process too', async () => {
  const { pid } = await stray();
  const keeper = kept("note('up')", {}, pid);
  await keeper.stop({ signal: 'SIGTERM' }, 10_000);
  await until(() => identify(pid) === null || !isAlive(identify(pid) ?? { pid, startTime: '', bootId: '' }));
  expect(notes()).toEqual([]);
});

function recorded(pid: number, mark: string): RecordedProcess {
  const identity = identify(pid);
  if (identity === null) throw new Error('it is gone');
  return { ...identity, mark };
}

test('a Caddy that was started as another is ended, not adopted', async () => {
  const caddy = await stray();
  const record = openProcessRecord(directory, log);
  record.note('caddy', recorded(caddy.pid, 'another caddy'));
  expect(await clearLeftovers(record, { caddyMark: 'caddy', log })).toBeNull();
  await until(() => caddy.signalCode === 'SIGTERM');
});

test('what writes by itself goes on writing when nobody reads it', async () => {
  kept("setInterval(() => console.log(JSON.stringify({ msg: 'on' })), 20)", { output: 'file', ipc: false });
  const lines = () =>
    existsSync(path('logs/child.jsonl')) ? readFileSync(path('logs/child.jsonl'), 'utf8').split('\n').length : 0;
  await until(() => lines() > 3);
});

test('a command that cannot be made is tried again, and a note that cannot be written ends nothing', async () => {
  let asked = 0;
  kept("note('up'); setInterval(() => {}, 1000)", {
    command: () => {
      asked += 1;
      if (asked < 3) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
      return [process.execPath, '-e', `require('node:fs').writeFileSync(${JSON.stringify(path('notes'))}, 'up\\n')`];
    },
  });
  await until(() => notes().includes('up'));
  expect(asked).toBeGreaterThanOrEqual(3);
});

test('leftovers are ended, Caddy is kept, and what is gone is forgotten', async () => {
  const [server, caddy, gone] = [await stray(), await stray(), await stray()];
  const record = openProcessRecord(directory, log);
  for (const [name, { pid }] of Object.entries({ server, caddy, queue: gone })) record.note(name, recorded(pid, name));
  gone.kill('SIGKILL');
  await once(gone, 'exit');
  const adopted = await clearLeftovers(record, { caddyMark: 'caddy', log });
  expect(adopted?.pid).toBe(caddy.pid);
  await until(() => server.signalCode === 'SIGTERM');
  expect(caddy.signalCode).toBeNull();
  expect(Object.keys(record.read())).toEqual(['caddy']);
});

test('a pid that is another process by now, or of another boot, is left alone', async () => {
  const { pid } = await stray();
  const identity = recorded(pid, 'caddy');
  const record = openProcessRecord(directory, log);
  record.note('server', { ...identity, startTime: '1' });
  record.note('caddy', { ...identity, bootId: 'another' });
  expect(await clearLeftovers(record, { caddyMark: 'caddy', log })).toBeNull();
  expect(isAlive(identity)).toBe(true);
  expect(record.read()).toEqual({});
});

test('a record that was cut off is no record', () => {
  writeFileSync(path('processes.json'), '{"caddy":{"pid":1');
  expect(openProcessRecord(directory, log).read()).toEqual({});
});
