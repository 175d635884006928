/** A path and the directories above it. */
import { dirname } from 'node:path';

/** `/srv/tidepool` → `/srv/tidepool`, `/srv`, `/`. */
export function upwards(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...upwards(parent)];
}

/** The deepest of them that is there. */
export function existingPart(path: string, exists: (path: string) => boolean): string {
  return upwards(path).find(exists) ?? '/';
}
