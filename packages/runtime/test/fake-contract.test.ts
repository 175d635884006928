/** The fake under the runtime's contract, and what tests of the worker rely on beyond it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { matrixDisagreements } from '@tidepool/core';
import { expect, test } from 'vitest';
import { optionalAbilities } from '../src/contract/bench.ts';
import { describeRuntime, type RuntimeHarness } from '../src/contract.ts';
import { readFakeJournal } from '../src/fake/fake-history.ts';
import { createFakeRuntime, endFakeInstance } from '../src/fake/fake-runtime.ts';
import { type FakeSteering, steerFake } from '../src/fake/fake-steering.ts';

const signal = AbortSignal.timeout(600_000);
const at = (fence: number) => ({ fence, signal });
const spec = {
  id: 'a1',
  name: 'web-app',
  image: 'workspace@fake',
  cpus: 2,
  memoryMiB: 512,
  diskGiB: 20,
  logDirectory: '/nowhere',
};

describeRuntime('the fake', { can: optionalAbilities, runsCommands: false }, () => openHarness());
describeRuntime('a fake that can only what it must', { can: [], runsCommands: false }, () =>
  openHarness({ lacks: optionalAbilities }),
);

async function openHarness(steering: FakeSteering = {}): Promise<RuntimeHarness> {
  const directory = await mkdtemp('/tmp/tp-fake-');
  const port = await freePort();
  const stub = createServer((_, response) => response.end('stub'));
  steerFake(directory, { target: { host: '127.0.0.1', port }, ...steering });
  return {
    open: () => createFakeRuntime({ directory }),
    logDirectory: join(directory, 'logs'),
    serve: async () => {
      await new Promise<void>((resolve) => stub.listen(port, '127.0.0.1', resolve));
    },
    get: async (target) => {
      if (target.kind !== 'tcp') throw new Error('the fake gives tcp targets');
      const answer = await fetch(`http://${target.host}:${target.port}/`).catch(() => null);
      return answer?.status ?? null;
    },
    end: async (id) => endFakeInstance(directory, id),
    close: async () => {
      stub.close();
      await rm(directory, { recursive: true });
    },
  };
}

test('the journal holds each side effect once, with its fence, its job and its process', async () => {
  const directory = await mkdtemp('/tmp/tp-fake-');
  const runtime = createFakeRuntime({ directory });
  for (const fence of [1, 2]) {
    await runtime.create(spec, at(fence));
    await runtime.start(spec, { ...at(fence), jobId: `job-${fence}` });
    await runtime.expose(spec.id, [8080], at(fence));
  }
  await runtime.stop(spec.id, at(3));
  await runtime.remove(spec.id, at(3));
  const entries = readFakeJournal(directory).map(({ effect, fence, startedBy }) => `${effect} ${fence} ${startedBy}`);
  expect(entries).toEqual(['create 1 null', 'start 1 job-1', 'expose 1 job-1', 'stop 3 null', 'remove 3 null']);
  expect(readFakeJournal(directory).every(({ pid }) => pid === process.pid)).toBe(true);
  await rm(directory, { recursive: true });
});

test('what it says of itself is what the matrix says', async () => {
  const directory = await mkdtemp('/tmp/tp-fake-');
  const { kind, capabilities } = await createFakeRuntime({ directory }).describe(signal);
  expect(matrixDisagreements(kind, capabilities)).toEqual([]);
  await rm(directory, { recursive: true });
});

test('a steered failure comes as often as asked, before or after the effect', async () => {
  const directory = await mkdtemp('/tmp/tp-fake-');
  const runtime = createFakeRuntime({ directory });
  const failure = { code: 'runtime_unavailable', passing: true, times: 1 } as const;
  steerFake(directory, { methods: { create: { failure }, start: { failure: { ...failure, when: 'after' } } } });
  await expect(runtime.create(spec, at(1))).rejects.toMatchObject({ code: 'runtime_unavailable', passing: true });
  expect(readFakeJournal(directory)).toEqual([]);
  await runtime.create(spec, at(1));
  await expect(runtime.start(spec, { ...at(1), jobId: 'job-1' })).rejects.toMatchObject({
    code: 'runtime_unavailable',
  });
  await runtime.start(spec, { ...at(1), jobId: 'job-2' });
  expect(await runtime.inspect(spec.id, signal)).toMatchObject({ state: 'running', startedBy: 'job-1' });
  await rm(directory, { recursive: true });
});

test('a steered delay ends at once when aborted, without the effect', async () => {
  const directory = await mkdtemp('/tmp/tp-fake-');
  const runtime = createFakeRuntime({ directory });
  steerFake(directory, { methods: { create: { delayMs: 600_000 } } });
  const abort = new AbortController();
  const done = runtime.create(spec, { fence: 1, signal: abort.signal });
  abort.abort();
  await expect(done).rejects.toThrow();
  expect(await runtime.list(signal)).toEqual([]);
  await rm(directory, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
