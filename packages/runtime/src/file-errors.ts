/** What failed calls of the file system mean. */
import { TidepoolError } from '@tidepool/core';

/** What a failed write means to the caller: a full disk (or quota) has a code of its own. */
export function asDiskFull(error: unknown): unknown {
  return isDiskFull(error) ? new TidepoolError('disk_full', { cause: error }) : error;
}

export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
