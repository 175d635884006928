/**
 * The clone for real: in sandboxes with their walls and the host's Git. No workspace reaches a server of ours from inside,
 * so the server of the repository runs in the workspace itself, which its owner made trust it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { imageReference, type Job } from '@tidepool/core';
import { ensureSandboxUser } from '@tidepool/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitRepositories, gitServerScript, makeRepositories } from './git-repositories.ts';
import { expectTarget, replaceKilled, strike } from './kill-drivers.ts';
import { openSandboxHome, pageOf } from './sandbox-home.ts';
import { isFinal, until, type WorkerHome, type WorkerProcess } from './worker-home.ts';

let home: WorkerHome;
let worker: WorkerProcess;
let repositories: GitRepositories;
let image: string;
let count = 0;
/** Of the server inside each workspace: nobody else's, for each has its own 127.0.0.1. */
const port = 8443;

beforeAll(async () => {
  if (process.getuid?.() === 0) {
    await chmod('/dev/net/tun', 0o666);
    await ensureSandboxUser();
  }
  repositories = await makeRepositories();
  home = await openSandboxHome();
  worker = await home.startWorker();
  const current = (await home.runtime.images(AbortSignal.timeout(10_000))).find((one) => one.current);
  if (current === undefined) throw new Error('the home has an image');
  image = imageReference(current);
});
afterAll(async () => {
  await home?.close();
  await repositories?.close();
});

test('a host that is not found leaves a workspace that runs, with its editor', async () => {
  const { name, job } = await created('https://nowhere.invalid/project.git');
  expect(home.workspace(name).source).toMatchObject({ status: 'failed', error: { code: 'source_host_not_found' } });
  expect(job.steps.find((step) => step.name === 'cloneSource')?.status).toBe('failed');
  expect(await pageOf(home, name)).toBe(200);
});

test('a private address is not reached, and said to be so in time', async () => {
  const { name } = await created('https://192.168.77.77/project.git');
  expect(home.workspace(name).source?.error?.code).toBe('source_unreachable');
});

test('what could not be cloned is cloned when it can be, by a worker that took over from one that was killed', async () => {
  const { name, id } = await created(`https://127.0.0.1:${port}/project.git`, repositories.firstCommit);
  expect(home.workspace(name).source).toMatchObject({ status: 'failed', error: { code: 'source_unreachable' } });

  await serveRepositories(id);
  await expectUncloned(await cloneAgain(name), 'source_certificate');

  await run(id, ['git', 'config', '--global', 'http.sslCAInfo', '/home/dev/served/cert.pem']);
  await run(id, ['sh', '-c', 'echo 1500 > /home/dev/served/delay']);
  const job = await cloneAgain(name);
  await strike(home, worker, job, { step: 'cloneSource', moment: 'during' });
  await run(id, ['rm', '/home/dev/served/delay']);
  worker = await replaceKilled(home, job);
  await expectTarget(home, job);

  expect(home.workspace(name)).toMatchObject({ status: 'running', source: { status: 'cloned', error: null } });
  expect((await run(id, ['git', 'status', '--porcelain', '--branch'])).trim()).toBe('## HEAD (no branch)');
  expect((await run(id, ['git', 'rev-parse', 'HEAD'])).trim()).toBe(repositories.firstCommit);
  expect((await run(id, ['ls', '-A', '/home/dev'])).split('\n')).not.toContain('.tidepool-source');
  expect(await pageOf(home, name)).toBe(200);
  const log = await readFile(`${home.config.paths.logs}/${name}/tidepool.jsonl`, 'utf8');
  expect(log).toContain('"said":"Receiving objects: 100%');
});

test('files that are in the folder stay, and stop the clone', async () => {
  const { name, id } = await created(`https://127.0.0.1:${port}/project.git`);
  await run(id, ['sh', '-c', 'echo mine > README.md']);
  await serveRepositories(id);
  await expectUncloned(await cloneAgain(name), 'source_folder_not_empty');
  expect(await run(id, ['cat', 'README.md'])).toBe('mine\n');
});

test('a delete ends the clone that is under way', async () => {
  const { name, id } = await created(`https://127.0.0.1:${port}/project.git`);
  await serveRepositories(id);
  await run(id, ['sh', '-c', 'echo 600000 > /home/dev/served/delay']);
  const job = await cloneAgain(name);
  await until('it clones', () => home.store.job(job.id)?.steps.at(-1)?.name === 'cloneSource');
  await expectTarget(home, await home.request('delete', name));
  expect(home.store.job(job.id)?.status).toBe('cancelled');
});

test('a stop ends the clone that is under way, and takes away what came of it', async () => {
  const { name, id } = await created(`https://127.0.0.1:${port}/project.git`);
  await serveRepositories(id);
  await run(id, ['git', 'config', '--global', 'http.sslCAInfo', '/home/dev/served/cert.pem']);
  await run(id, ['sh', '-c', 'echo 600000 > /home/dev/served/delay']);
  const job = await cloneAgain(name);
  const inHome = async () => (await run(id, ['ls', '-A', '/home/dev'])).split('\n');
  await until('Git has begun', async () => (await inHome()).includes('.tidepool-source'));
  await expectTarget(home, await home.request('stop', name));
  expect(home.store.job(job.id)?.status).toBe('cancelled');
  expect(home.workspace(name).source).toMatchObject({ status: 'failed', error: { code: 'source_stopped' } });
  await expectTarget(home, await home.request('start', name));
  expect(await inHome()).not.toContain('.tidepool-source');
});

async function created(git: string, ref?: string): Promise<{ name: string; id: string; job: Job }> {
  const name = `web-${count++}`;
  const input = { name, image, cpus: 1, memoryMiB: 512, diskGiB: 20, source: { git, ref } };
  const { job } = home.store.create(input, { actor: 'user' });
  await home.send(job);
  await expectTarget(home, job);
  return { name, id: job.workspaceId, job: home.store.job(job.id) ?? job };
}

async function cloneAgain(name: string): Promise<Job> {
  const { job } = home.store.cloneSource(name, { actor: 'user' });
  await home.send(job);
  return job;
}

async function expectUncloned(job: Job, code: string): Promise<void> {
  await until('it has ended', () => isFinal(home.store, job));
  expect(home.store.job(job.id)).toMatchObject({ status: 'failed', error: { code } });
  expect(home.store.workspace(job.workspaceId)).toMatchObject({
    status: 'running',
    error: null,
    source: { status: 'failed', error: { code } },
  });
}

/** In the workspace, until it stops. */
async function serveRepositories(id: string): Promise<void> {
  const { directory } = repositories;
  const script = basename(gitServerScript);
  const packed = spawn('tar', ['-c', '-C', directory, '.', '-C', gitServerScript.slice(0, -script.length), script]);
  const [, [code]] = await Promise.all([
    run(id, ['sh', '-c', 'mkdir ~/served && tar -x -C ~/served'], packed.stdout),
    once(packed, 'exit'),
  ]);
  expect(code).toBe(0);
  const serve = `cd ~/served && setsid node ${script} . ${port} > port 2> errors < /dev/null &
    until [ -s ~/served/port ]; do sleep 0.05; done`;
  await run(id, ['sh', '-c', serve]);
}

/** What a command inside prints; it must succeed. */
async function run(id: string, command: readonly string[], stdin: Readable | null = null): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const code = await home.runtime.exec(id, command, { stdin, stdout, stderr }, AbortSignal.timeout(60_000));
  stdout.end();
  stderr.end();
  const [out, errors] = await outputs;
  expect(code, errors).toBe(0);
  return out;
}
