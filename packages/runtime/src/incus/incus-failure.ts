/** What a refusal of Incus means to Tidepool. */
import { existsSync } from 'node:fs';
import { type ErrorCode, TidepoolError } from '@tidepool/core';
import { IncusError } from './client/incus-error.ts';

const full = /no space left|not enough (free )?space|quota exceeded|insufficient (free )?space/i;
/** What the kernel, LXC and Incus say in a container that may not nest. */
const refusedByKernel =
  /operation not permitted|permission denied|read-only file system|failed to (set up|setup|create|mount).*cgroup/i;

/** Also for what is none of Incus's: that comes back as it is. `code`: what a refusal without a better name means. */
export function asFailure(error: unknown, code: ErrorCode, isNested = runsInContainer()): unknown {
  if (!(error instanceof IncusError)) return error;
  const detail = `Incus says: ${error.message}.`;
  if (full.test(error.message)) {
    // What was deleted a moment ago is given back only after a while.
    return new TidepoolError('pool_full', { detail, cause: error, passing: true });
  }
  if (isNested && refusedByKernel.test(error.message))
    return new TidepoolError('runtime_nested', { detail, cause: error });
  return new TidepoolError(code, { detail, cause: error });
}

function runsInContainer(): boolean {
  return existsSync('/run/systemd/container') || existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}
