/** Servers and workers killed with -9 in the middle of whatever they do: nothing accepted is lost, nothing is done twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { checkInvariants, createStore } from '../src/index.ts';
import { temporaryDirectory } from './open-test-store.ts';
import { type Child, startChild } from './start-child.ts';

const kills = 25;
/** Each kill starts a process, which takes its time where many tests run at once. */
const limitMs = 300_000;

test('25 kills among two servers and three workers leave a sound database, and one worker then ends every job', {
  timeout: limitMs,
}, async () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const store = createStore({ path, budgetMiB: 8192, leaseMs: 2_000 });
  const roles = [
    { script: 'ask-at-random.ts', args: [path] },
    { script: 'ask-at-random.ts', args: [path] },
    { script: 'work.ts', args: [path, 'wild'] },
    { script: 'work.ts', args: [path, 'wild'] },
    { script: 'work.ts', args: [path, 'wild'] },
  ];
  const all: { child: Child; script: string }[] = [];
  const start = async ({ script, args }: (typeof roles)[number]) => {
    const child = await startChild(script, args);
    child.go();
    all.push({ child, script });
    return child;
  };

  const running = await Promise.all(roles.map(start));
  for (let turn = 0; turn < kills; turn++) {
    await sleep(100 + Math.random() * 150);
    const index = turn % roles.length;
    const role = roles[index];
    if (!role) throw new Error('every turn has a role');
    running[index]?.kill();
    expect(await running[index]?.ended).toBeNull();
    running[index] = await start(role);
    expect(checkInvariants(path)).toEqual([]);
  }
  for (const child of running) child.kill();
  for (const child of running) await child.ended;
  expect(checkInvariants(path)).toEqual([]);

  const steady = await start({ script: 'work.ts', args: [path, 'steady'] });
  expect(await steady.ended).toBe(0);
  expect(checkInvariants(path)).toEqual([]);

  const said = (script: string) => all.filter((each) => each.script === script).flatMap(({ child }) => child.lines);
  const accepted = said('ask-at-random.ts');
  expect(accepted.length).toBeGreaterThan(20);
  for (const jobId of accepted) expect(['succeeded', 'failed', 'cancelled']).toContain(store.job(jobId)?.status);
  const claims = said('work.ts');
  expect(claims.length).toBeGreaterThan(20);
  expect(new Set(claims).size).toBe(claims.length);
  for (const { status } of store.allWorkspaces()) expect(['running', 'stopped', 'error']).toContain(status);
  store.close();
});
