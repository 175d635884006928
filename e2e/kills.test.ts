/** Whatever dies in the middle of a step, the accepted change is carried out. */
import type { Job, StepName } from '@tidepool/core';
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freezeEditor } from './inside.ts';
import { running } from './page/walk.ts';
import { finished, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool({ env: { TIDEPOOL_LEASE_SECONDS: '120' } });
});
afterAll(() => tidepool?.dispose());

const survivor = { params: { id: 'survivor' } };

/** By the part of its command line that names it. */
const victims = {
  server: 'packages/server/src/main.ts',
  worker: 'packages/worker/src/main.ts',
  queue: 'packages/queue/src/main.ts',
  caddy: 'caddy\0run',
} as const;

test.each(Object.keys(victims) as (keyof typeof victims)[])(
  'kill -9 of the %s in the middle of a step loses no accepted request',
  async (victim) => {
    // Whatever a try before this one has left.
    await running(tidepool, 'survivor');
    // A stop has to wait for an editor that does not listen: the step is long enough to be met.
    await freezeEditor(tidepool, 'survivor');
    const stop = await tidepool.api('stopWorkspace', survivor);
    await killDuring(victim, stop.job, 'stopInstance');

    const start = await until('a start to be accepted', () => tidepool.api('startWorkspace', survivor));
    await killDuring(victim, start.job, 'ensureIde');

    const editor = await until('the editor', async () => {
      const response = await fetch(`${tidepool.workspaceOrigin}/workspace/survivor/`, {
        headers: { authorization: tidepool.authorization },
      });
      return response.status === 200 && response;
    });
    expect(await editor.text()).toContain('vscode');
    expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
  },
);

/**
 * Milliseconds between a new worker's start and its claim of what the old one had: 2,000 on a quiet machine, and on none as
 * long as the lease, which nobody is to wait for.
 */
const promptly = 60_000;

async function killDuring(victim: keyof typeof victims, job: Job, step: StepName): Promise<void> {
  const [pid] = await until(`a ${victim} to run`, async () => {
    const pids = await tidepool.pids(victims[victim]);
    return pids.length > 0 && pids;
  });
  await until(`${step} to run`, async () => {
    const { steps, status } = await tidepool.api('getJob', { params: { id: job.id } });
    if (['succeeded', 'failed', 'cancelled'].includes(status)) throw new Error(`it had ended before it was met`);
    return steps.some(({ name, status: now }) => name === step && now === 'running');
  });
  process.kill(Number(pid), 'SIGKILL');
  const [ended, born] = await Promise.all([
    finished(tidepool, { job }),
    until(`a new ${victim}`, async () => {
      const pids = await tidepool.pids(victims[victim]);
      return pids.some((one) => one !== pid) && Date.now();
    }),
  ]);
  expect(ended).toMatchObject({ status: 'succeeded', failures: 0 });

  const { items } = await until('the activity', () => tidepool.api('listActivity', survivor));
  const claims = items.filter(({ type, detail }) => type === 'job.claimed' && detail.job?.id === job.id);
  const [last] = claims;
  if (victim !== 'worker') expect(claims, 'its worker never let go of it').toHaveLength(1);
  else {
    expect(claims, 'it was at work, and another worker took it up').toHaveLength(2);
    expect(Date.parse(last?.at ?? '') - born).toBeLessThan(promptly);
  }
}
