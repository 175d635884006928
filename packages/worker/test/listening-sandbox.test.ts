/** On which ports something listens in real sandboxes, as a running worker finds out. */
import { chmod } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { ensureSandboxUser } from '@tidepool/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectTarget } from './kill-drivers.ts';
import { openSandboxHome } from './sandbox-home.ts';
import { until, type WorkerHome } from './worker-home.ts';

let home: WorkerHome;

beforeAll(async () => {
  if (process.getuid?.() === 0) {
    await chmod('/dev/net/tun', 0o666);
    await ensureSandboxUser();
  }
  home = await openSandboxHome();
  await home.startWorker({ TIDEPOOL_USAGE_SECONDS: '0.5' });
  await expectTarget(home, await home.request('create', 'web'));
  for (const port of [3000, 4000])
    home.store.addPort('web', { port, label: null, stripPrefix: true }, { actor: 'user' });
});
afterAll(() => home?.close());

const listening = () => Object.fromEntries(home.workspace('web').ports.map((port) => [port.port, port.listening]));

const run = (command: readonly string[], signal = AbortSignal.timeout(60_000)) => {
  const streams = { stdin: null, stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
  return home.runtime.exec(home.workspace('web').id, command, streams, signal);
};

/** Node listens on `port` of `host` inside until the test ends it. */
function serve(port: number, host: string): { end(): Promise<unknown> } {
  const ending = new AbortController();
  const program = `require('http').createServer((q, r) => r.end('ok')).listen(${port}, '${host}')`;
  const ended = Promise.allSettled([run(['node', '-e', program], ending.signal)]);
  return {
    end: () => {
      ending.abort();
      return ended;
    },
  };
}

test('a port listens when a program of the workspace does, and no longer when that ends', async () => {
  await until('both were looked at', () => Object.values(listening()).every((each) => each === false));
  const server = serve(3000, '0.0.0.0');
  await until('one listens', () => listening()[3000] === true);
  expect(listening()[4000]).toBe(false);
  await server.end();
  await until('none listens', () => listening()[3000] === false);
});

test('a program that listens on IPv6 only is none that a route could reach', async () => {
  const other = serve(4000, '::1');
  await until('it listens', async () => (await run(['grep', '-q', '1000000:0FA0 ', '/proc/net/tcp6'])) === 0);
  const server = serve(3000, '::');
  await until('the one on all addresses does', () => listening()[3000] === true);
  expect(listening()[4000]).toBe(false);
  await Promise.all([other.end(), server.end()]);
});

test('nothing is known of the ports of a stopped workspace', async () => {
  await expectTarget(home, await home.request('stop', 'web'));
  expect(listening()).toEqual({ 3000: null, 4000: null });
});
