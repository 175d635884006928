/** The `Proxy` port over Caddy's admin endpoint. */
import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';
import { TidepoolError } from '@tidepool/core';
import { askAdmin } from './admin-client.ts';
import { keepTable } from './admin-table.ts';
import type { BaseConfig } from './base-config.ts';
import { changeConfig } from './change-config.ts';
import { streamsOutlive } from './instance-proxy.ts';
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
      try {
        return await changeConfig({ admin, path: '/config/', method: 'POST', signal }, (present) => {
          const wanted = keepTable(config, present);
          return isDeepStrictEqual(present, wanted) ? null : wanted;
        });
      } catch (cause) {
        throw isTooOld(cause) ? new TidepoolError('caddy_too_old', { cause }) : cause;
      }
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

/** Caddy says so itself, and keeps what it had: `json: unknown field "stream_close_delay"` (tried on 2.6.2). */
function isTooOld(error: unknown): boolean {
  return error instanceof TidepoolError && new RegExp(`unknown field \\W*${streamsOutlive}`).test(error.message);
}
