/** Which runtime a configuration means. */
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { createFakeRuntime } from './fake/fake-runtime.ts';
import type { Runtime } from './runtime.ts';

/** The fake keeps its instances in `HOME/fake`. @throws TidepoolError `invalid_config` for a runtime that is not there yet */
export function createRuntime(config: Config, log: Logger): Runtime {
  log.debug({ runtime: config.runtime }, 'open runtime');
  if (config.runtime === 'fake') return createFakeRuntime({ directory: join(config.home, 'fake') });
  const detail = `TIDEPOOL_RUNTIME=${config.runtime} is not there yet.`;
  throw new TidepoolError('invalid_config', { detail, fix: 'Use "auto" or "sandbox".' });
}
