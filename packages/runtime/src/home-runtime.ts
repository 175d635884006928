/**
 * Which runtime has the workspaces of a home: `HOME/runtime`, written before the first instance is made and removed when
 * no workspace is left. Without it a home whose Incus does not answer would be taken for one of sandboxes, and each
 * workspace be started there with an empty disk.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RuntimeKind, runtimeKinds } from '@tidepool/core';
import { asDiskFull, hasCode } from './file-errors.ts';
import { replaceFile } from './replace-file.ts';

/** Null where the home has no workspaces, or was last used before this was written down. */
export function readHomeRuntime(home: string): RuntimeKind | null {
  try {
    const written = readFileSync(fileOf(home), 'utf8').trim();
    return runtimeKinds.find((kind) => kind === written) ?? null;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** @throws TidepoolError `disk_full` */
export function noteHomeRuntime(home: string, kind: RuntimeKind): void {
  if (readHomeRuntime(home) === kind) return;
  try {
    mkdirSync(home, { recursive: true });
    replaceFile(fileOf(home), `${kind}\n`);
  } catch (error) {
    throw asDiskFull(error);
  }
}

/** For a home that has no workspace any more. */
export function forgetHomeRuntime(home: string): void {
  rmSync(fileOf(home), { force: true });
}

function fileOf(home: string): string {
  return join(home, 'runtime');
}
