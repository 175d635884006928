/** The directories of `TIDEPOOL_HOME`, each with the mode that keeps others out and lets the sandbox user pass. */
import { chmodSync, mkdirSync } from 'node:fs';
import { type Config, TidepoolError } from '@tidepool/core';

/** @throws TidepoolError `invalid_config` where the home cannot be made or written */
export function makeHome({ home, paths }: Config, isRoot: boolean): void {
  const passage = isRoot ? 0o711 : 0o700;
  const modes: readonly (readonly [string, number])[] = [
    [home, passage],
    [paths.routes, 0o700],
    [paths.sessions, 0o700],
    [paths.caddy, 0o700],
    [paths.run, 0o700],
    [paths.relay, passage],
    [paths.sandboxes, passage],
    [paths.images, 0o755],
    [paths.logs, 0o700],
  ];
  try {
    for (const [path, mode] of modes) {
      mkdirSync(path, { recursive: true, mode });
      // Shared images belong to whoever made them.
      if (path !== paths.images || path.startsWith(`${home}/`)) chmodSync(path, mode);
    }
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new TidepoolError('invalid_config', {
      detail: `${home} cannot be used as the home of Tidepool (${reason}).`,
      fix: 'Name a directory that you may write: TIDEPOOL_HOME=/srv/tidepool npm start',
      cause,
    });
  }
}
