/**
 * The base config: everything Caddy is told, once. With routes in files (`file-table.ts`) it is static, so that nothing
 * that happens to one workspace changes it: any change closes every WebSocket. With routes in the config itself
 * (`admin-table.ts`) the table is empty here, and streams outlive its changes. The same input gives the same bytes.
 */
import { caddyAdmin, TidepoolError } from '@tidepool/core';
import { appOrigin } from './app-origin.ts';
import type { Json } from './caddy-json.ts';
import { workspaceOrigin } from './workspace-origin.ts';

export interface BaseConfigInput {
  /** `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`. */
  readonly admin: string;
  /** Where routes stand: in files, or in this config itself (from Caddy 2.7 on). */
  readonly routes: 'file' | 'admin';
  /** The address both origins listen on. */
  readonly bind: string;
  readonly ports: { readonly app: number; readonly workspace: number; readonly api: number };
  /** Public origins; null: the host of the request with our ports. */
  readonly origins: { readonly app: string | null; readonly workspace: string | null };
  /** Absolute. */
  readonly directories: { readonly routes: string; readonly sessions: string; readonly relay: string };
  readonly user: string;
  /** bcrypt; handed in, for a fresh salt would be a changed config. */
  readonly passwordHash: string;
  /** What the server knows Caddy by. */
  readonly proxySecret: string;
}

export interface BaseConfig {
  readonly [section: string]: Json;
}

/** @throws TidepoolError `invalid_config` where a directory's name has characters that Caddy would read as its own */
export function buildBaseConfig(input: BaseConfigInput): BaseConfig {
  for (const directory of Object.values(input.directories)) refuseSpecialCharacters(directory);
  return {
    admin: { ...caddyAdmin(input.admin) },
    logging: {
      // Without `http`: it would log addresses asked for, and encodes each request for the log before it knows whether it
      // writes one, which is a tenth of all work.
      logs: {
        default: { level: 'WARN', exclude: ['http'], writer: { output: 'stderr' }, encoder: { format: 'json' } },
      },
    },
    apps: {
      http: {
        servers: {
          app: { listen: [listenAddress(input.bind, input.ports.app)], ...withoutTls, ...appOrigin(input) },
          workspace: {
            listen: [listenAddress(input.bind, input.ports.workspace)],
            ...withoutTls,
            ...workspaceOrigin(input),
          },
        },
      },
    },
  };
}

/** TLS is the tunnel's; and no access log: it would hold every address asked for. */
const withoutTls = { automatic_https: { disable: true } };

function listenAddress(bind: string, port: number): string {
  return bind.includes(':') ? `[${bind}]:${port}` : `${bind}:${port}`;
}

/** `{}` would be a placeholder, `*?[]\` a pattern of the file matcher, `$` a group of the map's. */
function refuseSpecialCharacters(directory: string): void {
  if (!/[{}*?[\]\\$]/.test(directory)) return;
  const message = `a directory whose name has none of the characters { } * ? [ ] \\ $, unlike ${directory}`;
  throw new TidepoolError('invalid_config', {
    detail: `TIDEPOOL_HOME must be ${message}.`,
    fields: [{ field: 'TIDEPOOL_HOME', message }],
  });
}
