/** `kill -9` of the worker after each step of create, stop and delete, then a new one: with real sandboxes and editors. */
import { chmod } from 'node:fs/promises';
import { planOf, type StepName } from '@tidepool/core';
import { ensureSandboxUser } from '@tidepool/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectTarget, pointsOf, replaceKilled, strike } from './kill-drivers.ts';
import { openSandboxHome, pageOf } from './sandbox-home.ts';
import type { WorkerHome, WorkerProcess } from './worker-home.ts';

let home: WorkerHome;
let worker: WorkerProcess;
let count = 0;

beforeAll(async () => {
  if (process.getuid?.() === 0) {
    await chmod('/dev/net/tun', 0o666);
    await ensureSandboxUser();
  }
  home = await openSandboxHome();
  worker = await home.startWorker();
});
afterAll(() => home?.close());

/** Where the most is under way when it is struck. */
const inTheMiddle: readonly StepName[] = ['ensureRunning', 'stopInstance', 'removeInstance'];

describe.each(['create', 'stop', 'delete'] as const)('%s', (kind) => {
  const points = pointsOf(planOf(kind, null)).filter(
    ({ step, moment }) => moment === 'after' || inTheMiddle.includes(step),
  );
  test.each(points)('killed $moment $step, it ends where it should', async (point) => {
    const name = `web-${count++}`;
    if (kind !== 'create') await expectTarget(home, await home.request('create', name));
    const job = await home.request(kind, name);
    await strike(home, worker, job, point);
    worker = await replaceKilled(home, job);
    await expectTarget(home, job);
    if (kind === 'create') expect(await pageOf(home, name)).toBe(200);
    if (kind !== 'delete') await expectTarget(home, await home.request('delete', name));
    expect(await home.runtime.list(AbortSignal.timeout(10_000))).toEqual([]);
  });
});

test('a worker killed while a workspace runs leaves its machine and its routes untouched', async () => {
  const name = `web-${count++}`;
  const created = await home.request('create', name);
  await expectTarget(home, created);
  const look = () => home.runtime.inspect(created.workspaceId, AbortSignal.timeout(10_000));
  const before = [await look(), await home.routes.list()];
  worker.kill('SIGKILL');
  await worker.ended;
  expect(await pageOf(home, name)).toBe(200);
  worker = await home.startWorker();
  expect([await look(), await home.routes.list()]).toEqual(before);
  await expectTarget(home, await home.request('delete', name));
});
