/** Which runtime a configuration means. */
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { createFakeRuntime } from './fake/fake-runtime.ts';
import type { Runtime } from './runtime.ts';
import { listTrees } from './image/tree/image-tree.ts';
import { createSandboxRuntime } from './sandbox/sandbox-runtime.ts';
import { createTartRuntime } from './tart/tart-runtime.ts';

/** The fake keeps its instances in `HOME/fake`, Tart its labels in `HOME/tart`. @throws TidepoolError `invalid_config` for a runtime that is not there yet */
export function createRuntime(config: Config, log: Logger): Runtime {
  const { home, paths, ports, runtime } = config;
  if (runtime === 'fake') return createFakeRuntime({ directory: join(home, 'fake') });
  if (runtime === 'tart' || (runtime === 'auto' && process.platform === 'darwin')) {
    const { program, home: tartHome, image } = config.tart;
    return createTartRuntime({ directory: join(home, 'tart'), program, tartHome, image, log });
  }
  if (runtime === 'incus') {
    const detail = `TIDEPOOL_RUNTIME=${runtime} is not there yet.`;
    throw new TidepoolError('invalid_config', { detail, fix: 'Use "auto" or "sandbox".' });
  }
  return createSandboxRuntime({
    sandboxes: paths.sandboxes,
    relay: paths.relay,
    images: paths.images,
    guestPort: ports.guest,
    listImages: () => listTrees(paths.images),
    log,
  });
}
