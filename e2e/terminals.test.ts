/** Invariant 5: terminals of a running workspace stay open whatever happens to others, to the server or to the worker. */
import { createFileRoutes } from '@tidepool/caddy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { publish, serveShells } from './inside.ts';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool();
});
afterAll(() => tidepool?.dispose());

test('20 terminals outlive 50 routes of others, a created and deleted neighbour, a new server and a killed worker', async () => {
  await createRunning(tidepool, 'harbour');
  await serveShells(tidepool, 'harbour', 3000);
  const url = await publish(tidepool, 'harbour', 3000);
  const terminals = await Promise.all(Array.from({ length: 20 }, () => openTerminal(url)));
  const pids = await Promise.all(terminals.map((terminal) => terminal.ask('echo shell-$$')));
  expect(new Set(pids).size).toBe(20);

  const routes = createFileRoutes({ directory: `${tidepool.home}/routes`, onStray: () => {} });
  for (let index = 0; index < 50; index += 1) {
    const target = { kind: 'tcp', host: '127.0.0.1', port: 9 } as const;
    await routes.replace(`other-${index}`, [{ port: 'ide', target, stripPrefix: true }], (commit) => commit());
  }
  for (let index = 0; index < 50; index += 1) await routes.replace(`other-${index}`, [], (commit) => commit());

  await createRunning(tidepool, 'neighbour');
  await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id: 'neighbour' } }));

  for (const victim of ['packages/server/src/main.ts', 'packages/worker/src/main.ts']) {
    const [old] = await tidepool.pids(victim);
    if (old === undefined) throw new Error(`${victim} does not run`);
    process.kill(old, victim.includes('worker') ? 'SIGKILL' : 'SIGTERM');
    await until(`a new ${victim}`, async () => (await tidepool.pids(victim)).some((pid) => pid !== old));
  }
  await until('the new server to answer', () => tidepool.api('getHealth', {}));
  await createRunning(tidepool, 'afterwards');

  expect(terminals.filter((terminal) => terminal.closed())).toEqual([]);
  const after = await Promise.all(terminals.map((terminal) => terminal.ask('echo shell-$$')));
  expect(after, 'the same shells answer').toEqual(pids);
  for (const terminal of terminals) terminal.close();
});

interface Terminal {
  /** Sends a line and gives the first line that comes back. */
  ask(line: string): Promise<string>;
  closed(): boolean;
  close(): void;
}

async function openTerminal(url: string): Promise<Terminal> {
  const socket = new WebSocket(url.replace('http:', 'ws:'), { headers: { authorization: tidepool.authorization } });
  let closed = false;
  socket.on('close', () => {
    closed = true;
  });
  await new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return {
    ask: (line) =>
      new Promise((resolve) => {
        socket.once('message', (data) => resolve(data.toString().trim()));
        socket.send(line);
      }),
    closed: () => closed,
    close: () => socket.close(),
  };
}
