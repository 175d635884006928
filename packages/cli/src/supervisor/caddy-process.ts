/**
 * How Caddy is started: with the config it had last, so that a killed Caddy serves again before the worker has looked;
 * else with no more than its admin endpoint, and the worker loads the rest. A kept config that lost its admin section
 * would open an unguarded endpoint on TCP (2.6.2 and 2.11.7 run an empty or null `autosave.json` so, tried), and whoever
 * reaches that owns the host. So it is looked at before each start.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Config, caddyAdmin } from '@tidepool/core';
import { z } from 'zod';
import type { ProcessSpec } from './keeper.ts';

const withAdmin = z.object({ admin: z.unknown() });

/** Starts in a row that ended early before the kept config is suspected. */
const suspicious = 2;

export function caddySpec(config: Config, env: ProcessSpec['env']): ProcessSpec {
  const { caddy: directory } = config.paths;
  const boot = join(directory, 'boot.json');
  // Where Caddy keeps its config below XDG_CONFIG_HOME.
  const kept = join(directory, 'caddy/autosave.json');
  const admin = caddyAdmin(config.caddy.admin);
  return {
    name: 'caddy',
    command(failures) {
      writeFileSync(boot, `${JSON.stringify({ admin })}\n`, { mode: 0o600 });
      const resume = failures < suspicious && isDeepStrictEqual(adminOf(kept), admin);
      if (!resume) rmSync(kept, { recursive: true, force: true });
      return [config.caddy.program, 'run', ...(resume ? ['--resume'] : []), '--config', boot];
    },
    env: { ...env, XDG_CONFIG_HOME: directory, XDG_DATA_HOME: join(directory, 'data'), HOME: directory },
    ipc: false,
    // It outlives us where we are killed: a pipe would then break, and its next line end it.
    output: 'file',
    mark: `${config.caddy.program} ${config.caddy.admin}`,
  };
}

/** Undefined where there is no such file, or it is not whole: a full disk or a power loss may cut it off. */
function adminOf(path: string): unknown {
  try {
    return withAdmin.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.admin;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
