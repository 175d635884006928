/** The database between several processes: none of this can go wrong within one. */
import { describe, expect, test } from 'vitest';
import { checkInvariants, createStore } from '../src/index.ts';
import { asUser, claimed, temporaryDirectory } from './open-test-store.ts';
import { startChild } from './start-child.ts';

const options = { budgetMiB: 1_000_000, leaseMs: 30_000 };

/** Several of one script, begun together and run to their end. */
async function runTogether(count: number, script: string, args: readonly string[]): Promise<string[]> {
  const children = await Promise.all(Array.from({ length: count }, () => startChild(script, args)));
  for (const child of children) child.go();
  for (const child of children) expect(await child.ended).toBe(0);
  return children.flatMap((child) => child.lines);
}

test.each([2, 2, 5])('%d processes that open a new database at once make one, whole', async (count) => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const ids = await runTogether(count, 'open.ts', [path]);
  expect(ids).toHaveLength(count);
  expect(new Set(ids).size).toBe(1);
  expect(checkInvariants(path)).toEqual([]);
});

test('of 6,000 write transactions between two processes none is refused', { timeout: 300_000 }, async () => {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const store = createStore({ ...options, path });
  for (const name of ['one', 'two']) store.create({ name, image: 'i', cpus: 1, memoryMiB: 512, diskGiB: 20 }, asUser);
  const [one, two] = await Promise.all(['one', 'two'].map((name) => startChild('write.ts', [path, name, '3000'])));
  one?.go();
  two?.go();
  expect([await one?.ended, await two?.ended]).toEqual([0, 0]);
  expect([one?.lines, two?.lines]).toEqual([['0'], ['0']]);
  // The first of each asks for the size it has already.
  expect(store.workspace('one')?.version).toBe(3000);
  expect(store.workspace('two')?.version).toBe(3000);
  store.close();
});

describe('50 equal requests from five processes', () => {
  test('under one key are one workspace and one job', async () => {
    const path = `${temporaryDirectory()}/tidepool.db`;
    const answers = await runTogether(5, 'request.ts', [path, 'create-keyed', '10']);
    expect(answers).toHaveLength(50);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^[0-9a-f-]{36} [0-9a-f-]{36}$/);
    expect(checkInvariants(path)).toEqual([]);
  });

  test('without a key are accepted once, and the name is taken for the rest', async () => {
    const path = `${temporaryDirectory()}/tidepool.db`;
    const answers = await runTogether(5, 'request.ts', [path, 'create', '10']);
    expect(answers.filter((answer) => answer === 'name_taken')).toHaveLength(49);
    expect(checkInvariants(path)).toEqual([]);
  });

  test('to start are accepted once, and a job is in the way of the rest', async () => {
    const path = `${temporaryDirectory()}/tidepool.db`;
    const store = createStore({ ...options, path });
    const finish = (jobId: string) => {
      const holder = { bootId: 'none', pid: 1, startTime: '1' };
      const { fence } = claimed(store.claim(jobId, holder));
      store.settle(jobId, fence, { outcome: 'succeeded', portsVersion: 0 });
    };
    finish(store.create({ name: 'web', image: 'i', cpus: 1, memoryMiB: 512, diskGiB: 20 }, asUser).job.id);
    finish(store.act('web', 'stop', asUser).job.id);
    const answers = await runTogether(5, 'request.ts', [path, 'start', '10']);
    expect(answers.filter((answer) => answer === 'job_in_the_way')).toHaveLength(49);
    expect(store.counts().openJobs).toBe(1);
    expect(checkInvariants(path)).toEqual([]);
    store.close();
  });
});
