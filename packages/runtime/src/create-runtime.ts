/** Which runtime a configuration means. */
import { join } from 'node:path';
import type { Config } from '@tidepool/core';
import type { Logger } from 'pino';
import { chooseRuntime, type RuntimeChoice } from './choose-runtime.ts';
import { createFakeRuntime } from './fake/fake-runtime.ts';
import { noteHomeRuntime } from './home-runtime.ts';
import { listTrees } from './image/tree/image-tree.ts';
import { createIncusRuntime } from './incus/incus-runtime.ts';
import type { Runtime } from './runtime.ts';
import { createSandboxRuntime } from './sandbox/sandbox-runtime.ts';
import { createTartRuntime } from './tart/tart-runtime.ts';

/** Milliseconds to find out what `auto` means. */
const patience = 10_000;

/**
 * Notes which runtime has the home's workspaces before the first is made.
 * @throws TidepoolError `invalid_config` where another one has them
 */
export async function createRuntime(config: Config, log: Logger): Promise<Runtime> {
  const choice = await chooseRuntime(config, AbortSignal.timeout(patience));
  const runtime = openRuntime(config, choice, log);
  const create: Runtime['create'] = async (spec, operation) => {
    noteHomeRuntime(config.home, choice.kind);
    await runtime.create(spec, operation);
  };
  return { ...runtime, create };
}

/** The fake keeps its instances in `HOME/fake`, Tart its labels in `HOME/tart`, Incus who we are in `HOME/incus-identity`. */
function openRuntime(config: Config, { kind, finding }: RuntimeChoice, log: Logger): Runtime {
  const { home, paths, ports } = config;
  if (kind === 'fake') return createFakeRuntime({ directory: join(home, 'fake') });
  if (kind === 'incus') return createIncusRuntime({ config: config.incus, home, images: paths.images, log });
  if (kind === 'tart') {
    const { program, home: tartHome, image } = config.tart;
    return createTartRuntime({ directory: join(home, 'tart'), program, tartHome, image, log });
  }
  const sandbox = createSandboxRuntime({
    sandboxes: paths.sandboxes,
    relay: paths.relay,
    images: paths.images,
    guestPort: ports.guest,
    listImages: () => listTrees(paths.images),
    log,
  });
  if (finding === null) return sandbox;
  const describe: Runtime['describe'] = async (signal) => {
    const info = await sandbox.describe(signal);
    return { ...info, findings: [...info.findings, finding] };
  };
  return { ...sandbox, describe };
}
