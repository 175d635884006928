/** The base config with example values, as `caddy/base.json` shows it. */
import { type BaseConfig, buildBaseConfig } from './base-config.ts';

const home = '/var/lib/tidepool';

export function exampleBaseConfig(): BaseConfig {
  return buildBaseConfig({
    admin: `unix/${home}/caddy/admin.sock`,
    routes: 'file',
    bind: '127.0.0.1',
    ports: { app: 8080, workspace: 8081, api: 7163 },
    origins: { app: null, workspace: null },
    directories: { routes: `${home}/routes`, sessions: `${home}/sessions`, relay: `${home}/relay` },
    user: 'tidepool',
    passwordHash: '$2a$10$EXAMPLE.EXAMPLE.EXAMPLE.EXAMPLE.EXAMPLE.EXAMPLE.EXAMP',
    proxySecret: 'EXAMPLE-SECRET-OF-43-CHARACTERS-EXAMPLE-SEC',
  });
}
