/** Invariant 5: terminals of a running workspace stay open and answer whatever happens to others, to the server or to the worker. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createFileRoutes, unguarded } from '@tidepool/caddy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editorReady, openBrowser, type SignedIn, typeInTerminal } from './browser.ts';
import { openTerminal, publish, serveShells } from './inside.ts';
import { allAnswer, keepAsking } from './keep-asking.ts';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
let browser: SignedIn;
/** Where the shells of the workspace write. */
let project: string;
beforeAll(async () => {
  tidepool = await startTidepool();
  const { id } = await createRunning(tidepool, 'harbour');
  project = `${tidepool.home}/sandboxes/${id}/home/project`;
  await createRunning(tidepool, 'neighbour');
  browser = await openBrowser(tidepool);
});
afterAll(async () => {
  await browser?.close();
  await tidepool?.dispose();
});

test('20 terminals and one of VS Code answer all the while others come and go, the server restarts and the worker is killed', async () => {
  await serveShells(tidepool, 'harbour', 3000);
  const url = await publish(tidepool, 'harbour', 3000);
  const terminals = await Promise.all(Array.from({ length: 20 }, () => openTerminal(tidepool, url)));
  const asked = terminals.map(keepAsking);
  const editor = await openEditor();
  const during = async (change: () => Promise<void>) => {
    await change();
    await allAnswer(asked);
    expect(editor.changes(), "VS Code's connections").toEqual([]);
  };

  await during(addAndRemoveRoutes);
  await during(addAndRemovePorts);
  await during(async () => {
    await createRunning(tidepool, 'guest');
    await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id: 'guest' } }));
  });
  await during(() => renew('packages/server/src/main.ts', 'SIGTERM'));
  await during(() => renew('packages/server/src/main.ts', 'SIGKILL'));
  await during(() => renew('packages/worker/src/main.ts', 'SIGKILL'));
  await during(async () => {
    await createRunning(tidepool, 'afterwards');
  });

  expect(await editor.shell('after'), 'the same shell of VS Code').toBe(editor.first);
  const shells = await Promise.all(asked.map(({ end }) => end()));
  expect(new Set(shells).size, 'a shell for each').toBe(20);
  expect(terminals.filter((terminal) => terminal.closed())).toEqual([]);
  for (const terminal of terminals) terminal.close();
});

async function openEditor() {
  const { page } = browser;
  const changes: string[] = [];
  let settled = false;
  page.on('websocket', (socket) => {
    if (settled) changes.push(`opened ${socket.url()}`);
    socket.on('close', () => settled && changes.push(`closed ${socket.url()}`));
  });
  await page.goto(`${tidepool.appOrigin}/app/`);
  await page.goto(`${tidepool.workspaceOrigin}/workspace/harbour/`);
  await editorReady(page);
  const shell = async (file: string) => {
    const written = () => readFile(`${project}/${file}`, 'utf8').catch(() => '');
    await typeInTerminal(page, `echo $$ > ${file}`, async () => /^\d+\n$/.test(await written()));
    return written();
  };
  const first = await shell('before');
  settled = true;
  return { first, shell, changes: () => changes };
}

async function addAndRemoveRoutes(): Promise<void> {
  const routes = createFileRoutes({ directory: `${tidepool.home}/routes`, onStray: () => {} });
  const server = createServer((_, response) => response.end('other')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const target = { kind: 'tcp', host: '127.0.0.1', port: address.port } as const;
  const status = async () => {
    const response = await fetch(`${tidepool.workspaceOrigin}/workspace/other-49/`, {
      headers: { authorization: tidepool.authorization },
    });
    return response.status;
  };
  for (let index = 0; index < 50; index += 1)
    await routes.replace(`other-${index}`, [{ port: 'ide', target, stripPrefix: true }], unguarded);
  expect(await status(), 'Caddy knows it').toBe(200);
  for (let index = 0; index < 50; index += 1) await routes.replace(`other-${index}`, [], unguarded);
  expect(await status(), 'Caddy has forgotten it').toBe(404);
  server.closeAllConnections();
  server.close();
}

async function addAndRemovePorts(): Promise<void> {
  const ports = [4001, 4002, 4003, 4004, 4005];
  const settle = () =>
    until('no job to be under way', async () => {
      const { jobId } = await tidepool.api('getWorkspace', { params: { id: 'neighbour' } });
      return jobId === null;
    });
  for (const port of ports) await tidepool.api('addPort', { params: { id: 'neighbour' }, body: { port } });
  await settle();
  for (const port of ports) await tidepool.api('removePort', { params: { id: 'neighbour', port: String(port) } });
  await settle();
}

async function renew(part: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const [old] = await tidepool.pids(part);
  if (old === undefined) throw new Error(`${part} does not run`);
  process.kill(old, signal);
  await until(`a new ${part}`, async () => {
    const pids = await tidepool.pids(part);
    return pids.length === 1 && !pids.includes(old);
  });
  await until('it to answer', async () => {
    const { worker } = await tidepool.api('getHost', {});
    return worker.alive;
  });
}
