/** The step that clones, on the fake runtime, whose `exec` runs here: with the real Git, over HTTPS. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, StepRecord } from '@tidepool/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { jobs } from '../src/jobs/jobs.ts';
import { cloneSourceWithin } from '../src/steps/clone-source.ts';
import type { Step } from '../src/steps/step.ts';
import { type GitRepositories, type GitServer, makeRepositories, startGitServer } from './git-repositories.ts';
import { type JobBench, openJobBench } from './job-bench.ts';
import { startIdeStub } from './worker-home.ts';

let stub: Awaited<ReturnType<typeof startIdeStub>>;
let bench: JobBench;
let repositories: GitRepositories;
let server: GitServer;
let name: string;
let count = 0;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stub = await startIdeStub();
  bench = await openJobBench(stub);
  repositories = await makeRepositories();
  server = await startGitServer(repositories);
});
beforeEach(() => {
  name = `web-${count++}`;
});
afterAll(async () => {
  await server.close();
  await repositories.close();
  await bench.close();
  await stub.close();
  vi.useRealTimers();
});

const asUser = { actor: 'user' } as const;
const cloned = { status: 'cloned', error: null };

describe('what is cloned', () => {
  test('all of it, with its history and branches, and the folder has nothing else', async () => {
    const { id } = await create('project.git');
    expect(bench.workspace(name)).toMatchObject({ status: 'running', source: cloned });
    expect(await readdir(folder(id))).toEqual(['-odd name\n$(id)', '.git', '.hidden', 'README.md', 'src']);
    expect(git(id, 'status', '--porcelain', '--branch')).toBe('## main...origin/main');
    expect(git(id, 'rev-list', '--count', 'HEAD')).toBe('2');
    expect(git(id, 'branch', '--remotes', '--format=%(refname:short)').split('\n')).toContain('origin/feature');
    expect(existsSync(drafts(id))).toBe(false);
  });

  test.each([
    ['a branch', 'feature', '## feature...origin/feature'],
    ['a tag', 'v1', '## HEAD (no branch)'],
    ['a commit', () => repositories.firstCommit, '## HEAD (no branch)'],
    ['the beginning of a commit', () => repositories.firstCommit.slice(0, 8), '## HEAD (no branch)'],
  ])('%s', async (_, ref, state) => {
    const { id } = await create('project.git', typeof ref === 'string' ? ref : ref());
    expect(bench.workspace(name).source).toMatchObject(cloned);
    expect(git(id, 'status', '--porcelain', '--branch')).toBe(state);
    expect(await readFile(join(folder(id), 'README.md'), 'utf8')).toBe('first\n');
  });

  test('a repository without a commit', async () => {
    const { id } = await create('empty.git');
    expect(bench.workspace(name).source).toMatchObject(cloned);
    expect(await readdir(folder(id))).toEqual(['.git']);
  });
});

describe('what cannot be cloned leaves a workspace that runs, and says why', () => {
  test.each([
    ['no such host', 'https://nowhere.invalid/a.git', undefined, 'source_host_not_found', 'nowhere.invalid'],
    ['nobody answers', 'https://127.0.0.1:1/a.git', undefined, 'source_unreachable', '127.0.0.1'],
    ['no such repository', 'none.git', undefined, 'source_not_found', 'none.git'],
    ['it asks for a password', 'private/a.git', undefined, 'source_not_found', 'could not read Username'],
    ['it leads to plain HTTP', 'moved/a.git', undefined, 'source_failed', 'http'],
    ['no such branch', 'project.git', 'none', 'source_ref_not_found', 'none'],
    ['no such commit', 'project.git', 'abcdef0123', 'source_ref_not_found', 'abcdef0123'],
  ])('%s', async (_, url, ref, code, word) => {
    const { id, job } = await create(url, ref);
    expect(job).toMatchObject({ status: 'succeeded', error: null });
    expect(stepOf(job)?.status).toBe('failed');
    const { status, source } = bench.workspace(name);
    expect({ status, source: source?.status, code: source?.error?.code }).toEqual({
      status: 'running',
      source: 'failed',
      code,
    });
    expect(source?.error?.message).toContain(word);
    expect(source?.error?.fix).toMatch(/\w/);
    expect(activityOf(id)).toContainEqual(expect.stringMatching(/^Could not clone https:/));
    expect(await readdir(folder(id))).toEqual([]);
    expect(existsSync(drafts(id))).toBe(false);
  });

  test('its certificate is not trusted', async () => {
    await create('project.git', undefined, { trusted: false });
    expect(bench.workspace(name).source?.error?.code).toBe('source_certificate');
  });

  test('the folder is not empty, and nothing in it is touched', async () => {
    const { id } = await create('project.git', undefined, { files: { 'README.md': 'mine' } });
    expect(bench.workspace(name).source?.error?.code).toBe('source_folder_not_empty');
    expect(await readdir(folder(id))).toEqual(['README.md']);
    expect(await readFile(join(folder(id), 'README.md'), 'utf8')).toBe('mine');
  });

  test('it takes too long, and what came is removed', async () => {
    await server.delay(3000);
    const { id } = await create('project.git', undefined, { steps: withCloneWithin(500) });
    await server.delay(0);
    expect(bench.workspace(name)).toMatchObject({ status: 'running', source: { error: { code: 'source_timeout' } } });
    expect(existsSync(drafts(id))).toBe(false);
  });
});

describe('trying again', () => {
  test('clones what could not be cloned, while the workspace runs on', async () => {
    const { id } = await create('project.git', undefined, { trusted: false });
    await trust(id);
    const { workspace, job } = bench.parts.store.cloneSource(name, asUser);
    expect(workspace).toMatchObject({ status: 'running', source: { status: 'waiting', error: null }, jobId: job.id });
    expect(await bench.finish(job)).toMatchObject({ status: 'succeeded', kind: 'source' });
    expect(bench.workspace(name)).toMatchObject({ status: 'running', source: cloned, jobId: null });
    expect(git(id, 'rev-list', '--count', 'HEAD')).toBe('2');
  });

  test('that fails again is a failed job, and the workspace runs on', async () => {
    await create('none.git');
    const { job } = bench.parts.store.cloneSource(name, asUser);
    const { ports } = bench.parts.store.addPort(name, { port: 3000, label: null, stripPrefix: true }, asUser).workspace;
    expect(ports).toHaveLength(1);
    expect(await bench.finish(job)).toMatchObject({
      status: 'failed',
      error: { code: 'source_not_found' },
      steps: [
        { name: 'cloneSource', status: 'failed' },
        { name: 'ensureRoutes', status: 'succeeded' },
      ],
    });
    expect(bench.workspace(name)).toMatchObject({ status: 'running', error: null, source: { status: 'failed' } });
    // The port that was added meanwhile is taken along.
    expect(bench.parts.routes.find(name, 3000)).not.toBeNull();
  });

  test('finds a clone that its user has made meanwhile', async () => {
    const { id } = await create('project.git', undefined, { trusted: false });
    await trust(id);
    git(id, 'clone', '--quiet', `${server.origin}/project.git`, '.');
    await writeFile(join(folder(id), 'README.md'), 'mine');
    expect(await bench.finish(bench.parts.store.cloneSource(name, asUser).job)).toMatchObject({ status: 'succeeded' });
    expect(await readFile(join(folder(id), 'README.md'), 'utf8')).toBe('mine');
  });
});

describe('after an attempt that was killed', () => {
  test('a draft is thrown away', async () => {
    const { id } = await create('project.git', undefined, { home: { '.tidepool-source/1.draft/half': '' } });
    expect(bench.workspace(name).source).toMatchObject(cloned);
    expect(existsSync(drafts(id))).toBe(false);
    expect(existsSync(join(folder(id), 'half'))).toBe(false);
  });

  test('what is whole is moved in to the end, over nothing of the user', async () => {
    const { id } = await create('project.git', undefined, { trusted: false });
    await trust(id);
    const whole = join(drafts(id), '1.whole');
    await mkdir(drafts(id));
    git(id, 'clone', '--quiet', `${server.origin}/project.git`, whole);
    await rename(join(whole, '.git'), join(folder(id), '.git'));
    await writeFile(join(folder(id), 'README.md'), 'mine');
    await server.delay(60_000);
    await bench.finish(bench.parts.store.cloneSource(name, asUser).job);
    await server.delay(0);
    expect(bench.workspace(name).source).toMatchObject(cloned);
    expect(await readFile(join(folder(id), 'README.md'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder(id), 'src/main.c'), 'utf8')).toBe('int main;\n');
    expect(existsSync(drafts(id))).toBe(false);
  });

  test('a clone that was not yet written down is found, and not made again', async () => {
    const { job, id } = await create('project.git', undefined, { steps: twice(jobs.create) });
    expect(job.status).toBe('succeeded');
    expect(git(id, 'reflog', '--format=%gs').split('\n')).toHaveLength(1);
  });
});

interface Circumstances {
  readonly trusted?: boolean;
  /** In the project folder, before the job begins; and around it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly home?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

/** A workspace that is to begin with this repository of the test's server, or with that address. */
async function create(
  repository: string,
  ref?: string,
  { trusted = true, files = {}, home = {}, steps = jobs.create }: Circumstances = {},
): Promise<{ id: string; job: Job }> {
  const url = repository.startsWith('https:') ? repository : `${server.origin}/${repository}`;
  const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20, source: { git: url, ref } };
  const { workspace, job } = bench.parts.store.create(input, asUser);
  const { id } = workspace;
  await mkdir(folder(id), { recursive: true });
  if (trusted) await trust(id);
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder(id), path), text);
  for (const [path, text] of Object.entries(home)) {
    await mkdir(join(homeOf(id), path, '..'), { recursive: true });
    await writeFile(join(homeOf(id), path), text);
  }
  return { id, job: await bench.finish(job, steps) };
}

function homeOf(id: string): string {
  return join(bench.directory, 'disks', id);
}

function folder(id: string): string {
  return join(homeOf(id), 'project');
}

function drafts(id: string): string {
  return join(homeOf(id), '.tidepool-source');
}

/** As its user would, in the workspace's own config. */
function trust(id: string): Promise<void> {
  return writeFile(join(homeOf(id), '.gitconfig'), `[http]\nsslCAInfo = ${repositories.directory}/cert.pem\n`);
}

function git(id: string, ...words: string[]): string {
  const env = { PATH: process.env.PATH, HOME: homeOf(id) };
  return execFileSync('git', words, { cwd: folder(id), encoding: 'utf8', env }).trim();
}

function stepOf({ steps }: Job): StepRecord | undefined {
  return steps.find((step) => step.name === 'cloneSource');
}

function activityOf(workspaceId: string): string[] {
  return bench.parts.store.activity({ workspaceId, limit: 100 }).items.map(({ message }) => message);
}

function withCloneWithin(ms: number): readonly Step[] {
  return jobs.create.map((step) => (step.name === 'cloneSource' ? cloneSourceWithin(ms) : step));
}

function twice(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.name === 'cloneSource' ? [step, step] : [step]));
}
