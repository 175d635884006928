/**
 * A workspace that begins with a repository, created in the page: cloned while one watches, open in the editor, and not
 * cloned again. No sandbox reaches a server of this machine, so the repository's runs inside the workspace itself, which
 * trusts its certificate: it is brought there while the worker is held before the clone.
 */
import { spawn } from 'node:child_process';
import { homedir, totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { accepted as acceptedSchema, parseConfig, type Status } from '@tidepool/core';
import { createRuntime, type Runtime } from '@tidepool/runtime';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type GitRepositories,
  gitServerScript,
  makeRepositories,
} from '../../packages/worker/test/git-repositories.ts';
import { editorReady, openBrowser, type SignedIn } from '../browser.ts';
import { holdJob } from '../hold-job.ts';
import { startTidepool, type Tidepool, until } from '../tidepool.ts';

let tidepool: Tidepool;
let browser: SignedIn;
let runtime: Runtime;
let repositories: GitRepositories;
let name = '';
let count = 0;
/** Of the server inside: nobody else's, for each workspace has its own 127.0.0.1. */
const port = 8443;

beforeAll(async () => {
  repositories = await makeRepositories();
  tidepool = await startTidepool();
  runtime = await openRuntime();
  browser = await openBrowser(tidepool);
});
beforeEach(() => {
  count += 1;
  name = `thesis-${count}`;
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
  await repositories?.close();
});

test('it is cloned while one watches, opens in the editor, and a stop and a start do not clone it again', async () => {
  const { page } = browser;
  await page.goto(`${tidepool.appOrigin}/app/new`);
  await page.getByText('Live', { exact: true }).waitFor();
  await page
    .getByRole('textbox', { name: 'Start from a Git repository' })
    .fill(`https://127.0.0.1:${port}/project.git`);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByText('Free.', { exact: true }).waitFor();
  const held = await holdJob(tidepool, 'cloneSource', async () => {
    const answered = page.waitForResponse(
      (response) => response.request().method() === 'POST' && response.status() === 202,
    );
    await page.getByRole('button', { name: 'Create' }).click();
    return acceptedSchema.parse(await (await answered).json());
  });
  if (held === null) throw new Error('the clone was over before the worker was held');
  const progress = page.getByRole('region', { name: `Progress of ${name}` });
  const cloning = progress.locator('[aria-current=step]', { hasText: 'Clone its repository' });
  try {
    await serveRepositories();
    await cloning.waitFor();
  } finally {
    held.release();
  }

  await page.waitForURL(`${tidepool.workspaceOrigin}/workspace/${name}/**`, { timeout: 120_000 });
  await editorReady(page);
  expect(await page.title()).toContain('project');
  const file = page.getByRole('treeitem', { name: 'README.md' });
  await file.waitFor();
  await file.dblclick();
  await page.locator('.monaco-editor .view-line', { hasText: 'second' }).waitFor();
  expect(await source()).toMatchObject({ status: 'cloned', error: null });
  expect(await inside(['git', 'status', '--porcelain', '--branch'])).toBe('## main...origin/main');
  await inside(['sh', '-c', 'echo mine > README.md']);

  await page.goto(`${tidepool.appOrigin}/app/workspaces/${name}`);
  await page.getByText('Cloned into the project folder, once.').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await statusIs('stopped');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await statusIs('running');
  await page.goto(`${tidepool.workspaceOrigin}/workspace/${name}/`);
  await editorReady(page);
  await page.getByRole('treeitem', { name: 'README.md' }).waitFor();
  expect(await inside(['cat', 'README.md'])).toBe('mine');
  expect(await inside(['git', 'reflog', '--format=%gs'])).toMatch(/^clone: from .*$/);
  const { items } = await tidepool.api('listActivity', { params: { id: name }, query: { limit: '100' } });
  expect(items.filter(({ detail }) => detail.step?.name === 'cloneSource').map(({ type }) => type)).toEqual([
    'step.finished',
    'step.started',
  ]);
});

function statusIs(status: Status): Promise<unknown> {
  return until(`it to be ${status}`, async () => {
    const now = await tidepool.api('getWorkspace', { params: { id: name } });
    return now.status === status && now.jobId === null;
  });
}

async function source() {
  return (await tidepool.api('getWorkspace', { params: { id: name } })).source;
}

/** What a command inside prints; it must succeed. By the runtime itself: no command of Tidepool's enters what is being created. */
async function inside(command: readonly string[], stdin: Readable | null = null): Promise<string> {
  const { id } = await tidepool.api('getWorkspace', { params: { id: name } });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const code = await runtime.exec(id, command, { stdin, stdout, stderr }, AbortSignal.timeout(60_000));
  stdout.end();
  stderr.end();
  const [out, errors] = await outputs;
  expect(code, errors).toBe(0);
  return out.trim();
}

/** In the workspace, until it stops; slow enough for somebody to see it. */
async function serveRepositories(): Promise<void> {
  const script = basename(gitServerScript);
  const tar = spawn('tar', ['-c', '-C', repositories.directory, '.', '-C', dirname(gitServerScript), script]);
  const packed = Readable.from([await buffer(tar.stdout)]);
  await inside(['sh', '-c', 'mkdir ~/served && tar -x -C ~/served && echo 1000 > ~/served/delay'], packed);
  await inside(['git', 'config', '--global', 'http.sslCAInfo', '/home/dev/served/cert.pem']);
  const serve = `cd ~/served && setsid node ${script} . ${port} > port 2> errors < /dev/null &
    until [ -s ~/served/port ]; do sleep 0.05; done`;
  await inside(['sh', '-c', serve]);
}

function openRuntime(): Promise<Runtime> {
  const isRoot = process.getuid?.() === 0;
  const config = parseConfig(
    { ...process.env, ...tidepool.env },
    { cwd: '/', homeDirectory: homedir(), isRoot, totalMemoryMiB: Math.floor(totalmem() / 2 ** 20) },
  );
  return createRuntime(config, pino({ level: 'silent' }));
}
