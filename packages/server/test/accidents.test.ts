/** What goes wrong around the server: a locked database, a full disk, many asking at once. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { accepted, problem } from '@tidepool/core';
import { afterEach, expect, test } from 'vitest';
import { createWorkspace, finishJob, runningWorkspace } from './drive.ts';
import { brokenInvariants, hostRecord, type Running, startServer } from './harness.ts';

let server: Running;
const cleanups: (() => void)[] = [];
afterEach(async () => {
  const broken = brokenInvariants(server);
  await server.stop();
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  expect(broken).toEqual([]);
});

test('a database that another process holds for more than 2 s is 503 with Retry-After, and then answers again', async () => {
  server = await startServer();
  createWorkspace(server.store, 'before');
  const release = await holdLock(server.config.paths.database);
  const create = () => server.ask('/api/workspaces', { method: 'POST', body: { name: 'web-app' } });
  const refused = await create();
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
  expect(problem.parse(refused.json()).code).toBe('busy');
  // Who only reads does not wait.
  expect((await server.ask('/api/workspaces')).status).toBe(200);
  await release();
  expect((await create()).status).toBe(202);
});

/** Another process begins to write and does not end. @returns what ends it */
async function holdLock(path: string): Promise<() => Promise<void>> {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    console.log('held');
    process.stdin.resume().on('end', () => process.exit(0));`;
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  cleanups.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await exited;
  };
}

test('a full disk is 507, nothing is half made, and it answers again once there is room', async () => {
  const home = mkdtempSync('/tmp/tp-full-');
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0711', 'tidepool-test', home]).status).toBe(0);
  cleanups.push(() => expect(spawnSync('umount', ['-l', home]).status).toBe(0));
  mkdirSync(`${home}/sessions`, { mode: 0o700 });
  server = await startServer({ home, host: null });
  createWorkspace(server.store, 'web');
  server.store.writeHost(hostRecord);
  fill(`${home}/filler`);

  const create = () => server.ask('/api/workspaces', { method: 'POST', body: { name: 'another', memoryMiB: 512 } });
  expect((await create()).json()).toMatchObject({ code: 'disk_full', detail: expect.stringContaining('MiB of disk') });
  // A change that no rule refuses ends where SQLite finds no more space.
  const ports = ['/api/workspaces/web/ports', '/api/workspaces/web/ports/3000'] as const;
  const change = async () => {
    const added = await server.ask(ports[0], { method: 'POST', body: { port: 3000 } });
    return added.status === 202 ? server.ask(ports[1], { method: 'DELETE' }) : added;
  };
  let refused = await change();
  for (let turn = 0; turn < 5_000 && refused.status === 202; turn += 1) refused = await change();
  expect([refused.status, problem.parse(refused.json()).code]).toEqual([507, 'disk_full']);
  const before = server.store.workspace('web');
  expect((await server.ask(ports[0])).status).toBe(200);
  expect((await server.ask('/api/health')).status).toBe(200);
  expect((await server.ask('/app/', { headers: { 'sec-fetch-mode': 'navigate' } })).status).toBe(503);
  expect(server.store.workspace('web')).toEqual(before);

  rmSync(`${home}/filler`);
  expect((await server.ask(ports[0], { method: 'POST', body: { port: 4000 } })).status).toBe(202);
});

test('with no room for a session the app still opens', async () => {
  const home = mkdtempSync('/tmp/tp-full-');
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  const options = 'size=8m,nr_inodes=24,mode=0711';
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tidepool-test', home]).status).toBe(0);
  cleanups.push(() => expect(spawnSync('umount', ['-l', home]).status).toBe(0));
  mkdirSync(`${home}/sessions`, { mode: 0o700 });
  mkdirSync(`${home}/spa`);
  writeFileSync(`${home}/spa/index.html`, '<title>app</title>');
  server = await startServer({ home, spaDirectory: `${home}/spa` });
  expect(() => {
    for (let index = 0; ; index += 1) writeFileSync(`${home}/filler-${index}`, '');
  }).toThrow('ENOSPC');
  const load = (path: string) => server.ask(path, { headers: { 'sec-fetch-mode': 'navigate' } });
  const app = await load('/app/');
  expect([app.status, app.headers['set-cookie']]).toEqual([200, undefined]);
  const signIn = await load('/app/sign-in?return=/workspace/web/');
  expect([signIn.status, signIn.headers['content-type']]).toEqual([507, 'text/html; charset=utf-8']);
  expect(signIn.text).toContain('The disk of this host is full');
});

function fill(path: string): void {
  for (const size of [64 * 1024, 4 * 1024, 512]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for pieces of this size: smaller ones go on.
    }
  }
}

test('of 200 requests at once for one workspace one is accepted at a time, the others learn which job is in the way', async () => {
  server = await startServer();
  const { id } = runningWorkspace(server.store, 'web');
  const verbs = ['start', 'stop', 'restart'];
  const acceptedJobs: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const last = round === 3;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        last && index % 10 === 9
          ? server.ask('/api/workspaces/web', { method: 'DELETE' })
          : server.ask(`/api/workspaces/${index % 2 ? id : 'web'}/${verbs[index % 3]}`, { method: 'POST' }),
      ),
    );
    const good = answers.filter(({ status }) => status === 202).map((answer) => accepted.parse(answer.json()).job);
    // A delete is accepted beside what is under way, once, and wins.
    expect(good.map(({ kind }) => kind === 'delete').filter(Boolean)).toHaveLength(last ? 1 : 0);
    expect(good.filter(({ kind }) => kind !== 'delete')).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expect(answer.status, answer.text).toBe(409);
      const document = problem.parse(answer.json());
      expect(['job_in_the_way', 'wrong_status']).toContain(document.code);
      const inTheWay = good.some((job) => answer.text.includes(job.id));
      expect(document.code !== 'job_in_the_way' || inTheWay).toBe(true);
    }
    acceptedJobs.push(...good.map((job) => job.id));
    expect(brokenInvariants(server)).toEqual([]);
    finishJob(server.store, 'web');
  }
  expect(new Set(acceptedJobs).size).toBe(5);
  expect(server.store.workspace('web')).toBeNull();
  expect(server.logged.filter(({ level }) => level >= 50)).toEqual([]);
});
