/**
 * The highest fence seen for each instance, over all processes and for ever: an empty file per fence, named by it. The
 * highest name counts, so a fence can only rise, without a lock, whoever writes late.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { hasCode, isDiskFull } from './file-errors.ts';

export interface Fences {
  /** Where an instance's fences are, for the launcher to look at. */
  directory(id: string): string;
  highest(id: string): number;
  /** Notes `fence`. @throws `fence_lost` where a higher one has been seen */
  raise(id: string, fence: number): void;
  /**
   * As `raise`, for what frees the disk: a full one is no reason to refuse it, though a fence that cannot be noted guards
   * nothing later.
   */
  raiseIfRoom(id: string, fence: number): void;
  /** To be asked again right before each effect. @throws `fence_lost` */
  check(id: string, fence: number): void;
}

export function openFences(root: string): Fences {
  const directory = (id: string) => join(root, id);
  const seen = (id: string) => readdirSync(directory(id)).map(Number);
  const highest = (id: string) => {
    try {
      return Math.max(0, ...seen(id));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return 0;
      throw error;
    }
  };
  const check = (id: string, fence: number) => {
    const newest = highest(id);
    if (fence < newest) throw new TidepoolError('fence_lost', { detail: `Fence ${fence} is older than ${newest}.` });
  };
  const raise = (id: string, fence: number) => {
    check(id, fence);
    if (highest(id) === fence) return;
    mkdirSync(directory(id), { recursive: true, mode: 0o755 });
    writeFileSync(join(directory(id), String(fence)), '');
    check(id, fence);
    for (const older of seen(id)) if (older < fence) rmSync(join(directory(id), String(older)), { force: true });
  };
  return {
    directory,
    highest,
    check,
    raise,
    raiseIfRoom(id, fence) {
      try {
        raise(id, fence);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
      }
    },
  };
}
