/** Which runtime a configuration means. */
import { join } from 'node:path';
import type { Config } from '@tidepool/core';
import type { Logger } from 'pino';
import { chooseRuntime } from './choose-runtime.ts';
import { createFakeRuntime } from './fake/fake-runtime.ts';
import { listTrees } from './image/tree/image-tree.ts';
import { createIncusRuntime } from './incus/incus-runtime.ts';
import type { Runtime } from './runtime.ts';
import { createSandboxRuntime } from './sandbox/sandbox-runtime.ts';
import { createTartRuntime } from './tart/tart-runtime.ts';

/** Milliseconds to find out what `auto` means. */
const patience = 10_000;

/** The fake keeps its instances in `HOME/fake`, Tart its labels in `HOME/tart`, Incus who we are in `HOME/incus-identity`. */
export async function createRuntime(config: Config, log: Logger): Promise<Runtime> {
  const { home, paths, ports } = config;
  const { kind, finding } = await chooseRuntime(config, AbortSignal.timeout(patience));
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
