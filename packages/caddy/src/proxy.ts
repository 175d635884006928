/** The `Proxy` port over Caddy's admin endpoint. */
import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';
import { askAdmin } from './admin-client.ts';
import type { BaseConfig } from './base-config.ts';
import type { Proxy as CaddyProxy } from './routes.ts';

export interface ProxyOptions {
  /** `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`. */
  readonly admin: string;
  readonly config: BaseConfig;
  /** The binary, to ask for its version: the admin endpoint does not tell it. */
  readonly program: string;
}

export function createProxy({ admin, config, program }: ProxyOptions): CaddyProxy {
  return {
    async ensureConfig(signal) {
      const present: unknown = JSON.parse(await askAdmin(admin, { method: 'GET', path: '/config/', signal }));
      if (isDeepStrictEqual(present, config)) return false;
      await askAdmin(admin, { method: 'POST', path: '/load', json: JSON.stringify(config), signal });
      return true;
    },

    async version() {
      try {
        await askAdmin(admin, { method: 'GET', path: '/config/admin' });
        const { stdout } = await promisify(execFile)(program, ['version'], { timeout: 3000 });
        return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? null;
      } catch {
        // The port's answer to «no Caddy there», whichever of the two calls found it out.
        return null;
      }
    },
  };
}
