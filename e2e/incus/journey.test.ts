/** What Tidepool promises, on what it is really for: the journeys of a person and of an agent, and what a machine of one's own is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { agentJourney } from '../agent-journey.ts';
import { openBrowser, type SignedIn } from '../browser.ts';
import { exec } from '../inside.ts';
import { personJourney } from '../person-journey.ts';
import { finished, type Tidepool } from '../tidepool.ts';
import { openIncus } from './incus.ts';
import { small, startTidepoolOnIncus } from './tidepool-on-incus.ts';

const incus = openIncus();
let tidepool: Tidepool;
let browser: SignedIn;
beforeAll(async () => {
  tidepool = await startTidepoolOnIncus(incus);
  browser = await openBrowser(tidepool);
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
  await incus.client.close();
});

test('a person creates a workspace, works in VS Code, publishes a port, stops, starts, finds their file, deletes', async () => {
  expect((await tidepool.api('getHost', {})).observed?.runtime.kind).toBe('incus');
  await personJourney(tidepool, browser);
  expect(await left()).toEqual([]);
});

test('an agent does the same by REST and tidepool exec', async () => {
  await agentJourney(tidepool);
  expect(await left()).toEqual([]);
});

test('the machine is its own: sudo works, and its size is what was asked for, changed at the next start', async () => {
  const shell = async (script: string) => {
    const { code, stdout, stderr } = await exec(tidepool, 'sized', ['bash', '-c', script]);
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`);
    return stdout.trim();
  };
  const params = { id: 'sized' };
  await succeeded(tidepool.api('createWorkspace', { body: { name: 'sized', ...small } }));

  expect(await shell('id -un; sudo -n id -u; hostname')).toBe('dev\n0\nsized');
  await shell('sudo -n sh -c "echo kept > /etc/kept && apt-get --version >/dev/null"');
  expect(await shell('nproc')).toBe('1');
  expect(Number(await shell("awk '/MemTotal/ {print $2}' /proc/meminfo"))).toBe(512 * 1024);
  const fill = (gib: number) => shell(`sudo -n fallocate -l ${gib}G /var/tmp/full && sudo -n rm /var/tmp/full`);
  await fill(3);
  await expect(fill(6), 'more than the disk has').rejects.toThrow(/quota|space/i);

  const larger = { cpus: 2, memoryMiB: 1024, diskGiB: 8 };
  expect(await tidepool.api('updateWorkspace', { params, body: larger })).toMatchObject(larger);
  expect(await shell('nproc'), 'not before it was started again').toBe('1');
  await succeeded(tidepool.api('stopWorkspace', { params }));
  await succeeded(tidepool.api('startWorkspace', { params }));
  expect(await shell('nproc; cat /etc/kept')).toBe('2\nkept');
  expect(Number(await shell("awk '/MemTotal/ {print $2}' /proc/meminfo"))).toBe(1024 * 1024);
  await fill(6);

  await succeeded(tidepool.api('deleteWorkspace', { params }));
  expect(await left()).toEqual([]);
});

async function succeeded(accepting: Promise<Parameters<typeof finished>[1]>): Promise<void> {
  expect(await finished(tidepool, await accepting)).toMatchObject({ status: 'succeeded', failures: 0 });
}

const volume = z.object({ name: z.string(), type: z.string() });

/** Instances of any kind, and what they keep in the pool; the images stay. */
async function left(): Promise<string[]> {
  const { pool } = incus.config;
  const path = incus.path(`storage-pools/${pool}/volumes`, 'recursion=1');
  const { value } = await incus.client.read(path, z.array(volume), AbortSignal.timeout(30_000));
  return [
    ...(await incus.instances()).map(({ name }) => name),
    ...value.filter(({ type }) => type !== 'image').map(({ name, type }) => `${type} ${name}`),
  ];
}
