import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { processStat } from '@tidepool/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { currentHolder, isAlive } from './holder.ts';

test('this process is alive; with another start time, boot or pid it is another one', () => {
  const holder = currentHolder();
  expect(holder.pid).toBe(process.pid);
  expect(isAlive(holder)).toBe(true);
  expect(isAlive({ ...holder, startTime: `${Number(holder.startTime) + 1}` })).toBe(false);
  expect(isAlive({ ...holder, bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false);
  // Above the highest pid that Linux gives (2^22).
  expect(isAlive({ ...holder, pid: 4_194_305 })).toBe(false);
});

test('a process that was killed is not alive, also while nobody has waited for it', async () => {
  // The shell never waits for its child, which stays a zombie until the shell ends.
  const shell = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => {
    shell.kill('SIGKILL');
  });
  const [line] = await once(shell.stdout, 'data');
  const pid = Number(String(line));
  const { startTime } = processStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const holder = { ...currentHolder(), pid, startTime };
  expect(isAlive(holder)).toBe(true);
  process.kill(pid, 'SIGKILL');
  await vi.waitUntil(() => !isAlive(holder), { timeout: 10_000 });
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
});
