/** Repositories to clone, the certificate of who serves them, and a server of them on this machine. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Also run inside workspaces. */
export const gitServerScript = fileURLToPath(new URL('./git-https.mts', import.meta.url));

export interface GitRepositories {
  /** With `cert.pem`, `key.pem` and `repositories/`. */
  readonly directory: string;
  /** The first commit of `project.git`. */
  readonly firstCommit: string;
  close(): Promise<void>;
}

/** `project.git` has the branches `main` and `feature`, the tag `v1` at its first commit, and odd names; `empty.git` nothing. */
export async function makeRepositories(): Promise<GitRepositories> {
  const directory = await mkdtemp('/tmp/tp-git-');
  const work = join(directory, 'work');
  const repositories = join(directory, 'repositories');
  await mkdir(work);
  await mkdir(repositories);
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: work, encoding: 'utf8', env: { ...process.env, ...identity } }).trim();
  git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(work, 'README.md'), 'first\n');
  git('add', '.');
  git('commit', '--quiet', '--message=First');
  git('tag', 'v1');
  const firstCommit = git('rev-parse', 'HEAD');
  await writeFile(join(work, 'README.md'), 'second\n');
  await writeFile(join(work, '.hidden'), '');
  await writeFile(join(work, '-odd name\n$(id)'), 'odd\n');
  await mkdir(join(work, 'src'));
  await writeFile(join(work, 'src', 'main.c'), 'int main;\n');
  git('add', '.');
  git('commit', '--quiet', '--message=Second');
  git('branch', 'feature', 'v1');
  git('clone', '--quiet', '--bare', work, join(repositories, 'project.git'));
  git('init', '--quiet', '--bare', '--initial-branch=main', join(repositories, 'empty.git'));
  makeCertificate(directory);
  return { directory, firstCommit, close: () => rm(directory, { recursive: true, force: true }) };
}

const identity = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};

/** Its own authority, for 127.0.0.1. */
function makeCertificate(directory: string): void {
  const extensions = ['subjectAltName=IP:127.0.0.1', 'basicConstraints=critical,CA:TRUE'];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
      ...['-subj', '/CN=Tidepool test', ...extensions.flatMap((extension) => ['-addext', extension])],
      ...['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')],
    ],
    { stdio: 'ignore' },
  );
}

export interface GitServer {
  /** `https://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Milliseconds before each answer, from now on. */
  delay(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function startGitServer({ directory }: GitRepositories): Promise<GitServer> {
  const server = spawn(process.execPath, [gitServerScript, directory, '0'], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  if (server.stdout === null) throw new Error('its output is a pipe');
  const [port] = await once(server.stdout, 'data');
  return {
    origin: `https://127.0.0.1:${String(port).trim()}`,
    delay: (ms) => writeFile(join(directory, 'delay'), String(ms)),
    async close() {
      server.kill();
      await once(server, 'exit');
    },
  };
}
