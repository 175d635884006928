/** The Incus daemon dies, or is away for a while, in the middle of any step: the job ends well, and nobody's terminal drops. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted, planOf, type StepName } from '@tidepool/core';
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeldJob, holdJob } from '../hold-job.ts';
import { exec, openTerminal, publish, serveShells, type Terminal } from '../inside.ts';
import { type Asked, allAnswer, keepAsking } from '../keep-asking.ts';
import { finished, type Tidepool, until } from '../tidepool.ts';
import { openIncus } from './incus.ts';
import { small, startTidepoolOnIncus } from './tidepool-on-incus.ts';

const incus = openIncus();
let tidepool: Tidepool;
let terminals: Terminal[];
let asked: Asked[];
beforeAll(async () => {
  tidepool = await startTidepoolOnIncus(incus);
  await change('createWorkspace', 'harbour');
  await serveShells(tidepool, 'harbour', 3000);
  const url = await publish(tidepool, 'harbour', 3000);
  terminals = await Promise.all(Array.from({ length: 3 }, () => openTerminal(tidepool, url)));
  asked = terminals.map(keepAsking);
});
afterAll(async () => {
  await Promise.allSettled((asked ?? []).map(({ end }) => end()));
  for (const terminal of terminals ?? []) terminal.close();
  await tidepool?.dispose();
  await incus.client.close();
});

const kinds = ['create', 'stop', 'start', 'restart', 'delete'] as const;
type Kind = (typeof kinds)[number];

/** What happens to the daemon, and for how many milliseconds it is away: what needs it asks for it ten times a second. */
const accidents = {
  'killed with -9': { strike: () => incus.kill(), awayMs: 0 },
  'stopped for a while': { strike: () => incus.end(), awayMs: 1_500 },
} as const;

const ours: ReadonlySet<StepName> = new Set(['stopInstance', 'removeInstance', 'ensureInstance', 'ensureRunning']);
const cases = kinds.flatMap((kind) =>
  planOf(kind, null).flatMap((step) => [
    [kind, step, 'killed with -9'] as const,
    // A stop in order lets what is under way end first: only steps that ask for something tell a difference.
    ...(ours.has(step) ? [[kind, step, 'stopped for a while'] as const] : []),
  ]),
);

test.each(cases)('%s ends well though in its step %s the daemon is %s', async (kind, step, accident) => {
  const name = 'visitor';
  const { accepted, release } = await held(kind, name, step);
  const { strike, awayMs } = accidents[accident];
  try {
    await strike();
  } finally {
    release();
    await sleep(awayMs);
    // Also behind one that did not end as it should: the cases after this one need it.
    await incus.start();
  }

  const job = await finished(tidepool, accepted);
  expect(job, JSON.stringify(job.error)).toMatchObject({ status: 'succeeded' });
  await allAnswer(asked);
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
  await expectOutcome(kind, name, accepted.workspace.id);
});

/** Whatever the test before left. */
async function makeReadyFor(kind: Kind, name: string): Promise<void> {
  const { items } = await tidepool.api('listWorkspaces', {});
  const status = items.find((workspace) => workspace.name === name)?.status;
  if (kind === 'create') {
    if (status !== undefined) await change('deleteWorkspace', name);
    return;
  }
  if (status === undefined) {
    await change('createWorkspace', name);
    await write(name);
  } else if (status === 'stopped' && kind !== 'start') await change('startWorkspace', name);
  else if (status !== 'stopped' && kind === 'start') await change('stopWorkspace', name);
}

async function begin(kind: Kind, name: string): Promise<Accepted> {
  if (kind === 'create') return tidepool.api('createWorkspace', { body: { name, ...small } });
  return tidepool.api(`${kind}Workspace`, { params: { id: name } });
}

async function change(
  action: 'createWorkspace' | 'startWorkspace' | 'stopWorkspace' | 'deleteWorkspace',
  name: string,
) {
  const accepted =
    action === 'createWorkspace'
      ? await tidepool.api(action, { body: { name, ...small } })
      : await tidepool.api(action, { params: { id: name } });
  const job = await finished(tidepool, accepted);
  if (job.status !== 'succeeded') throw new Error(`${action} ${name}: ${JSON.stringify(job)}`);
}

/** The job in the middle of its step: it is at work when the daemon is struck. One that was too quick is asked for anew. */
async function held(kind: Kind, name: string, step: StepName): Promise<HeldJob> {
  for (let attempts = 0; attempts < 10; attempts += 1) {
    await makeReadyFor(kind, name);
    let last: Accepted | undefined;
    const job = await holdJob(tidepool, step, async () => {
      last = await begin(kind, name);
      return last;
    });
    if (job !== null) return job;
    if (last !== undefined) await finished(tidepool, last);
  }
  throw new Error(`${kind} could not be held in its step ${step}`);
}

async function expectOutcome(kind: Kind, name: string, id: string): Promise<void> {
  const page = () =>
    fetch(`${tidepool.workspaceOrigin}/workspace/${name}/`, { headers: { authorization: tidepool.authorization } });
  const instance = async () => (await incus.instances()).find((found) => found.name.includes(id))?.status;
  if (kind === 'delete') {
    await expect(tidepool.api('getWorkspace', { params: { id: name } })).rejects.toMatchObject({ status: 404 });
    expect(await instance()).toBeUndefined();
    return;
  }
  const workspace = await tidepool.api('getWorkspace', { params: { id: name } });
  if (kind === 'stop') {
    expect(workspace.status).toBe('stopped');
    expect(await instance()).toBe('Stopped');
    return;
  }
  expect(workspace.status).toBe('running');
  expect(await instance()).toBe('Running');
  await until('its page', async () => (await page()).status === 200);
  // What is made here outlasts the cases that follow.
  if (kind === 'create') await write(name);
  expect((await exec(tidepool, name, ['cat', 'notes.txt'])).stdout, 'its file').toBe('low water\n');
}

async function write(name: string): Promise<void> {
  const { code, stderr } = await exec(tidepool, name, ['sh', '-c', 'cat > notes.txt'], 'low water\n');
  expect(code, stderr).toBe(0);
}
