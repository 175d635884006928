/** A day of an office: 20 workspaces, most of what happens to them and to their host, and in the end all is as the users left it. */

import { readdir } from 'node:fs/promises';
import { checkInvariants, createStore } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { realHost } from '../../packages/cli/src/preflight/real-host.ts';
import { isAlive } from '../../packages/cli/src/process-identity.ts';
import { openSetupRecord } from '../../packages/cli/src/setup/setup-record.ts';
import { powerOff } from '../../scripts/test-incus/power-off.ts';
import { exec, openTerminal, publish, serveShells } from '../inside.ts';
import { allAnswer, keepAsking } from '../keep-asking.ts';
import { finished, type Tidepool, until } from '../tidepool.ts';
import { openIncus } from './incus.ts';
import { small, startTidepoolOnIncus } from './tidepool-on-incus.ts';

const names = Array.from({ length: 20 }, (_, index) => `desk-${String(index + 1).padStart(2, '0')}`);
const stopped = names.slice(0, 10);
/** Of those that are stopped, and of those that run. */
const deleted = [...names.slice(0, 3), ...names.slice(10, 12)];
const kept = { stopped: names.slice(3, 10), running: names.slice(12) } as const;
const left = [...kept.stopped, ...kept.running];

const incus = openIncus();
let tidepool: Tidepool;
const ids = new Map<string, string>();
beforeAll(async () => {
  tidepool = await startTidepoolOnIncus(incus, { env: { TIDEPOOL_MEMORY_MIB: '16384' } });
});
afterAll(async () => {
  await tidepool?.dispose();
  await incus.client.close();
});

test('20 are created, files are written, 10 are stopped and 5 are deleted', async () => {
  const jobs = await Promise.all(
    names.map(async (name) => {
      const accepted = await tidepool.api('createWorkspace', { body: { name, ...small } });
      ids.set(name, accepted.workspace.id);
      return finished(tidepool, accepted, 280);
    }),
  );
  expect(jobs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  for (const name of names) await exec(tidepool, name, ['sh', '-c', 'cat > notes.txt'], `the notes of ${name}\n`);
  await all('stopWorkspace', stopped);
  await all('deleteWorkspace', deleted);
  await expectAsLeft('requested', 'running');
});

test('the daemon is restarted: nobody notices', async () => {
  const [name = ''] = kept.running;
  await serveShells(tidepool, name, 3000);
  const terminal = await openTerminal(tidepool, await publish(tidepool, name, 3000));
  const asked = keepAsking(terminal);
  await incus.end();
  await allAnswer([asked]);
  await incus.start();
  await incus.kill();
  await incus.start();
  await allAnswer([asked]);
  await asked.end();
  terminal.close();
  await expectAsLeft('requested', 'running');
});

test('Tidepool is killed with all its processes and started again: what ran still runs', async () => {
  const before = await processes();
  await killTidepool();
  await tidepool.startAgain();
  await expectAsLeft('requested', 'running');
  expect(await processes(), 'the very same').toEqual(before);
});

test('the host is restarted: what ran is marked stopped by that, and everything is there', async () => {
  await killTidepool();
  await restartHost();
  await tidepool.startAgain();
  await expectAsLeft('requested', 'host_restarted');
  expect(tidepool.printed()).toMatch(new RegExp(`${kept.running.length} workspaces were running when`));

  await all('startWorkspace', left);
  for (const name of left) {
    expect((await exec(tidepool, name, ['cat', 'notes.txt'])).stdout).toBe(`the notes of ${name}\n`);
    await until(`the page of ${name}`, async () => (await pageOf(name)) === 200);
  }
});

test('a name that was given up is free, and its new workspace has nothing of the old one', async () => {
  const [name = ''] = deleted;
  const job = await finished(tidepool, await tidepool.api('createWorkspace', { body: { name, ...small } }));
  expect(job.status).toBe('succeeded');
  expect((await exec(tidepool, name, ['ls'])).stdout).toBe('');
});

async function all(action: 'startWorkspace' | 'stopWorkspace' | 'deleteWorkspace', which: readonly string[]) {
  const jobs = await Promise.all(
    which.map(async (id) => finished(tidepool, await tidepool.api(action, { params: { id } }), 280)),
  );
  expect(jobs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
}

async function pageOf(name: string): Promise<number> {
  const headers = { authorization: tidepool.authorization };
  return (await fetch(`${tidepool.workspaceOrigin}/workspace/${name}/`, { headers })).status;
}

/** What the API, Incus, Caddy and the home say; `ran` is what became of those that nobody stopped. */
async function expectAsLeft(wasStopped: 'requested', ran: 'running' | 'host_restarted'): Promise<void> {
  const { items } = await tidepool.api('listWorkspaces', { query: { limit: '100' } });
  const told = items.map(({ name, status, stopReason, jobId }) => `${name} ${stopReason ?? status} ${jobId ?? 'idle'}`);
  expect(told).toEqual([
    ...kept.stopped.map((name) => `${name} ${wasStopped} idle`),
    ...kept.running.map((name) => `${name} ${ran} idle`),
  ]);
  const instances = (await incus.instances()).map(({ name, status }) => `${name} ${status}`).sort();
  const inIncus = (which: readonly string[], status: string) => which.map((name) => `tp-${ids.get(name)} ${status}`);
  const runs = ran === 'running' ? 'Running' : 'Stopped';
  expect(instances).toEqual([...inIncus(kept.stopped, 'Stopped'), ...inIncus(kept.running, runs)].sort());
  for (const name of kept.running) {
    if (ran === 'running') await until(`the page of ${name}`, async () => (await pageOf(name)) === 200);
    else expect(await pageOf(name)).toBe(503);
  }
  for (const name of kept.stopped) expect(await pageOf(name)).toBe(503);

  // Of the deleted ones nothing is left anywhere.
  for (const name of deleted) expect(await pageOf(name)).toBe(404);
  const files = await readdir(`${tidepool.home}`, { recursive: true });
  const traces = deleted.flatMap((name) => [name, ids.get(name) ?? name]);
  expect(files.filter((file) => traces.some((trace) => file.includes(trace)))).toEqual([]);
  expect(await volumes()).toEqual(left.map((name) => `tp-${ids.get(name)}`).sort());
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
}

const volume = z.object({ name: z.string(), type: z.string() });

async function volumes(): Promise<string[]> {
  const path = incus.path(`storage-pools/${incus.config.pool}/volumes`, 'recursion=1');
  const { value } = await incus.client.read(path, z.array(volume), AbortSignal.timeout(30_000));
  return value.flatMap(({ name, type }) => (type === 'image' ? [] : [name])).sort();
}

/** What process 1 of each running instance is on the host. */
async function processes(): Promise<string[]> {
  const state = z.object({ pid: z.int() });
  const found = await Promise.all(
    kept.running.map(async (name) => {
      const path = incus.path(`instances/tp-${ids.get(name)}/state`);
      return `${name} ${(await incus.client.read(path, state, AbortSignal.timeout(30_000))).value.pid}`;
    }),
  );
  return found;
}

/** Supervisor, server, worker, queue and Caddy, at once. */
async function killTidepool(): Promise<void> {
  for (const pid of await tidepool.pids('')) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // A child of one that was killed before it.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
  await tidepool.killSupervisor();
  await until('all of it to be gone', async () => (await tidepool.pids('')).length === 0);
}

/** As far as one test can restart the machine that it runs on: what Tidepool remembers is made to be of another boot. */
async function restartHost(): Promise<void> {
  const { directory } = incus;
  const { daemon } = openSetupRecord(directory).read() ?? {};
  await powerOff(directory);
  // lxcfs serves other daemons, too, where it is not ours.
  if (daemon?.by === 'itself' && daemon.lxcfs !== null && isAlive(daemon.lxcfs)) {
    process.kill(daemon.lxcfs.pid, 'SIGKILL');
    await realHost.run(['umount', '--lazy', '/var/lib/lxcfs']);
  }
  const store = createStore({ path: `${tidepool.home}/tidepool.db`, budgetMiB: 16_384, leaseMs: 30_000 });
  store.lookedAfterBoot({ bootId: '00000000-0000-4000-8000-000000000000', open: [] });
  store.close();
  await incus.setUp();
}
