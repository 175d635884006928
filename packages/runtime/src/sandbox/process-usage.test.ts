import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuSecondsOf, ownKib, ownMemoryMiB, parseStat, readProcessTable, treeOf } from './process-usage.ts';

const times = '0 0 0 0 0 0 0 100 50 25 25';

test('times are those of a process and of the children it waited for, whatever its name', () => {
  for (const name of ['node', 'a b) S 1', ')']) {
    expect(parseStat(`77 (${name}) S 42 1 1 ${times} 20 0 1 0 123\n`)).toEqual({ parent: 42, cpuSeconds: 2 });
  }
});

test('a tree is a process and all below it, and nobody else', () => {
  const row = (parent: number) => ({ parent, cpuSeconds: 1 });
  const table = new Map([
    [1, row(0)],
    [10, row(1)],
    [11, row(10)],
    [12, row(11)],
    [20, row(1)],
  ]);
  expect(treeOf(10, table).sort()).toEqual([10, 11, 12]);
  expect(cpuSecondsOf(treeOf(10, table), table)).toBe(3);
  expect(treeOf(99, table)).toEqual([]);
});

test('memory is what a process has for itself', () => {
  const status =
    'Name:\tRssAnon: 7 kB\nVmRSS:\t  900 kB\nRssAnon:\t  300 kB\nRssFile:\t  500 kB\nRssShmem:\t  100 kB\n';
  expect(ownKib(status)).toBe(400);
  expect(ownKib('Name:\tkthreadd\n')).toBe(0);
});

test('a real process is found below its parent, with its time and memory', async () => {
  const code = 'const kept = Buffer.alloc(64 << 20, 1); console.log(kept.length); setInterval(() => kept.length, 1000)';
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const table = readProcessTable();
    expect(treeOf(process.pid, table)).toContain(pid);
    expect(cpuSecondsOf([pid], table)).toBeGreaterThan(0);
    expect(ownMemoryMiB([pid])).toBeGreaterThanOrEqual(64);
  } finally {
    child.kill('SIGKILL');
  }
});
