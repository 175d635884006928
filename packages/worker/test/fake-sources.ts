/** Workspaces of a fake home that begin with a repository, which a server of the test's own has. */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@tidepool/core';
import { expect } from 'vitest';
import type { FakeHome } from './fake-home.ts';
import { makeRepositories, startGitServer } from './git-repositories.ts';
import { expectTarget } from './kill-drivers.ts';

export interface FakeSources {
  /** Asks for one that can be cloned. */
  create(name: string): Promise<Job>;
  /** Brings up one that could not be cloned, and can be now. */
  uncloned(name: string): Promise<void>;
  /** Asks for its clone. */
  cloneAgain(name: string): Promise<Job>;
  /** Milliseconds before each answer of the server, from now on. */
  delay(ms: number): Promise<void>;
  /** It was cloned, once, whole, and nothing is left beside it. */
  expectCloned(job: Job): void;
  close(): Promise<void>;
}

export async function openFakeSources(home: FakeHome): Promise<FakeSources> {
  const repositories = await makeRepositories();
  const server = await startGitServer(repositories);
  const homeOf = (id: string) => join(home.fakeDirectory, 'disks', id);
  const trust = async (id: string) => {
    await mkdir(homeOf(id), { recursive: true });
    await writeFile(join(homeOf(id), '.gitconfig'), `[http]\nsslCAInfo = ${repositories.directory}/cert.pem\n`);
  };
  const request = async (name: string, isTrusted: boolean): Promise<Job> => {
    const source = { git: `${server.origin}/project.git` };
    const input = { name, image: 'workspace@fake', cpus: 1, memoryMiB: 512, diskGiB: 20, source };
    const { job } = home.store.create(input, { actor: 'user' });
    if (isTrusted) await trust(job.workspaceId);
    await home.send(job).catch(() => undefined);
    return job;
  };
  return {
    create: (name) => request(name, true),
    async uncloned(name) {
      const job = await request(name, false);
      await expectTarget(home, job);
      expect(home.workspace(name).source).toMatchObject({ status: 'failed', error: { code: 'source_certificate' } });
      await trust(job.workspaceId);
    },
    async cloneAgain(name) {
      const { job } = home.store.cloneSource(name, { actor: 'user' });
      await home.send(job).catch(() => undefined);
      return job;
    },
    delay: (ms) => server.delay(ms),
    expectCloned({ workspaceId: id }) {
      expect(home.store.workspace(id)?.source).toMatchObject({ status: 'cloned', error: null });
      const env = { PATH: process.env.PATH, HOME: homeOf(id) };
      const git = (...words: string[]) =>
        execFileSync('git', words, { cwd: join(homeOf(id), 'project'), encoding: 'utf8', env }).trim();
      expect(git('status', '--porcelain', '--branch')).toBe('## main...origin/main');
      expect(git('reflog', '--format=%gs').split('\n')).toHaveLength(1);
      const { items } = home.store.activity({ workspaceId: id, limit: 100 });
      expect(items.filter(({ message }) => message.startsWith('Its project folder has'))).toHaveLength(1);
    },
    async close() {
      await server.close();
      await repositories.close();
    },
  };
}
