/** A home on the sandbox runtime, and how its editors are asked. Needs the built image: `npm test` hands it on. */

import { imageReference, parseConfig } from '@tidepool/core';
import { createRuntime } from '@tidepool/runtime';
import { pino } from 'pino';
import { Client } from 'undici';
import { openWorkerHome, type WorkerHome } from './worker-home.ts';

export async function openSandboxHome(): Promise<WorkerHome> {
  const surroundings = { cwd: '/', homeDirectory: '/', isRoot: false, totalMemoryMiB: 4096 };
  const config = parseConfig({ ...process.env, TIDEPOOL_RUNTIME: 'sandbox' }, surroundings);
  const runtime = await createRuntime(config, pino({ level: 'silent' }));
  const images = await runtime.images(AbortSignal.timeout(10_000));
  const image = images.find(({ current }) => current);
  if (image === undefined)
    throw new Error(`no image in ${config.paths.images}: TIDEPOOL_IMAGES names where it is, as npm test does`);
  const home = await openWorkerHome({ runtime: 'sandbox', image: imageReference(image) });
  return {
    ...home,
    async close() {
      try {
        await home.killWorkers();
        await removeInstances(home);
      } finally {
        await home.close();
      }
    },
  };
}

/** The status of an editor's page, through the socket that Caddy would dial; null where nothing answers. */
export async function pageOf({ routes, config }: WorkerHome, name: string): Promise<number | null> {
  const routed = (await routes.list()).find(({ workspace }) => workspace === name);
  const target = routed?.routes.find(({ port }) => port === 'ide')?.target;
  if (target?.kind !== 'unix') return null;
  const socketPath = `${config.paths.relay}/${target.instance}/${target.port}.sock`;
  const client = new Client('http://localhost', { socketPath });
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/healthz' });
    await body.dump();
    return statusCode;
  } finally {
    await client.destroy();
  }
}

/** Sandboxes outlive their worker: a failed test must not leave them behind. */
async function removeInstances({ runtime }: WorkerHome): Promise<void> {
  const operation = { fence: Number.MAX_SAFE_INTEGER, signal: AbortSignal.timeout(60_000) };
  for (const { id } of await runtime.list(operation.signal)) {
    await runtime.stop(id, operation);
    await runtime.remove(id, operation);
  }
}
