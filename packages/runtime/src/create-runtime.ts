/** Which runtime a configuration means. */
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { createFakeRuntime } from './fake/fake-runtime.ts';
import type { Runtime } from './runtime.ts';
import { listImages } from './sandbox/image/image-tree.ts';
import { createSandboxRuntime } from './sandbox/sandbox-runtime.ts';

/** The fake keeps its instances in `HOME/fake`. @throws TidepoolError `invalid_config` for a runtime that is not there yet */
export function createRuntime(config: Config, log: Logger): Runtime {
  const { home, paths, ports, runtime } = config;
  if (runtime === 'fake') return createFakeRuntime({ directory: join(home, 'fake') });
  if (runtime === 'incus' || runtime === 'tart') {
    const detail = `TIDEPOOL_RUNTIME=${runtime} is not there yet.`;
    throw new TidepoolError('invalid_config', { detail, fix: 'Use "auto" or "sandbox".' });
  }
  return createSandboxRuntime({
    sandboxes: paths.sandboxes,
    relay: paths.relay,
    images: paths.images,
    guestPort: ports.guest,
    listImages: () => listImages(paths.images),
    log,
  });
}
