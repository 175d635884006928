import { mkdtempSync, rmSync } from 'node:fs';
import { parseConfig } from '@tidepool/core';
import { createRuntime } from '@tidepool/runtime';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stopInstances } from '../src/supervisor/stop-instances.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/tp-');
});
afterEach(() => rmSync(home, { recursive: true }));

test('instances that no worker stopped are stopped, whatever fence they have seen', async () => {
  const around = { cwd: '/', homeDirectory: '/', isRoot: false, totalMemoryMiB: 8192 };
  const config = parseConfig({ TIDEPOOL_HOME: home, TIDEPOOL_RUNTIME: 'fake' }, around);
  const log = pino({ level: 'silent' });
  const runtime = await createRuntime(config, log);
  const { signal } = new AbortController();
  const image = (await runtime.images(AbortSignal.timeout(10_000))).find(({ current }) => current);
  for (const [index, name] of ['one', 'two'].entries()) {
    const id = `01900000-0000-7000-8000-00000000000${index}`;
    const size = { cpus: 1, memoryMiB: 512, diskGiB: 20, logDirectory: `${home}/.logs/${name}` };
    const spec = { id, name, image: `${image?.name}@${image?.version}`, ...size };
    await runtime.create(spec, { fence: 7 + index, signal });
    await runtime.start(spec, { fence: 7 + index, jobId: '01900000-0000-7000-8000-0000000000aa', signal });
  }
  expect((await runtime.list(signal)).map(({ state }) => state)).toEqual(['running', 'running']);
  await stopInstances(config, log);
  expect((await runtime.list(signal)).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
});
