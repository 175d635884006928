/**
 * Short names for instances' relay directories, because a unix socket's path has at most 107 bytes. The first 8 hexadecimal
 * digits of a hash, longer where another workspace has them: a symlink `<short id>` → `<workspace id>` claims one.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../file-errors.ts';

export function claimShortId(directory: string, workspaceId: string): string {
  mkdirSync(directory, { recursive: true });
  const claimed = candidates(workspaceId).find((short) => claim(join(directory, short), workspaceId));
  if (claimed === undefined) throw new Error(`no short id is free for ${workspaceId}`);
  return claimed;
}

/** Null where none was claimed. */
export function findShortId(directory: string, workspaceId: string): string | null {
  return candidates(workspaceId).find((short) => ownerOf(join(directory, short)) === workspaceId) ?? null;
}

export function releaseShortId(directory: string, short: string): void {
  rmSync(join(directory, short), { force: true });
}

function candidates(workspaceId: string): string[] {
  const digits = createHash('sha256').update(workspaceId).digest('hex');
  return Array.from({ length: 25 }, (_, index) => digits.slice(0, 8 + index));
}

/** A symlink is made whole or not at all, and never over another. */
function claim(path: string, workspaceId: string): boolean {
  try {
    symlinkSync(workspaceId, path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return ownerOf(path) === workspaceId;
  }
}

function ownerOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
