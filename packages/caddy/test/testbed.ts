/** Caddy with the base config, a stand-in for the server and upstreams, in a home of its own. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createAdminRoutes } from '../src/admin-routes.ts';
import { type BaseConfigInput, buildBaseConfig } from '../src/base-config.ts';
import { createFileRoutes } from '../src/file-routes.ts';
import { createProxy } from '../src/proxy.ts';
import type { Proxy as CaddyProxy, Routes } from '../src/routes.ts';
import { type CaddyProcess, startCaddy } from './caddy-process.ts';
import type { Setup } from './caddy-versions.ts';
import { freePort, type ServerStub, startServerStub, startUpstream, type Upstream } from './upstreams.ts';

export const password = 'correct-horse';
const passwordHash = '$2b$04$K8KhJRWSkdy/G2VktLBn/eYp7DgG13lT/YtrOYthUs7OFq7oWUcDW';
export const proxySecret = 'S'.repeat(43);
export const token = `${'A'.repeat(40)}_-9`;

export interface Testbed {
  readonly home: string;
  readonly input: BaseConfigInput;
  readonly caddy: CaddyProcess;
  readonly proxy: CaddyProxy;
  readonly routes: Routes;
  readonly server: ServerStub;
  readonly strays: string[];
  readonly cookie: string;
  /** Another application; it ends with the testbed. */
  upstream(instance?: string): Promise<Upstream>;
  end(): Promise<void>;
}

export async function startTestbed(
  { program, routes }: Setup,
  differences: Partial<Pick<BaseConfigInput, 'origins' | 'admin'>> = {},
): Promise<Testbed> {
  const home = mkdtempSync('/tmp/tp-');
  chmodSync(home, 0o711);
  mkdirSync(`${home}/sessions`, { mode: 0o700 });
  writeFileSync(`${home}/sessions/${token}`, '');
  const server = await startServerStub();
  const input: BaseConfigInput = {
    admin: `unix/${home}/caddy/admin.sock`,
    routes,
    bind: '127.0.0.1',
    ports: { app: await freePort(), workspace: await freePort(), api: server.port },
    origins: { app: null, workspace: null },
    directories: { routes: `${home}/routes`, sessions: `${home}/sessions`, relay: `${home}/relay` },
    user: 'tidepool',
    passwordHash,
    proxySecret,
    ...differences,
  };
  const caddy = await startCaddy({ program, home, admin: input.admin });
  const proxy = createProxy({ admin: input.admin, config: buildBaseConfig(input), program });
  const strays: string[] = [];
  const upstreams: Upstream[] = [];
  const end = async () => {
    await Promise.all([caddy.end('SIGKILL'), server.close(), ...upstreams.map((upstream) => upstream.close())]);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await proxy.ensureConfig();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    home,
    input,
    caddy,
    proxy,
    routes: routesOf(input, (stray) => strays.push(stray)),
    server,
    strays,
    cookie: `tidepool_${input.ports.app}=${token}`,
    async upstream(instance) {
      const place = instance === undefined ? null : { relay: input.directories.relay, instance, port: 8080 };
      const upstream = await startUpstream(place);
      upstreams.push(upstream);
      return upstream;
    },
    end,
  };
}

/** What the worker makes of the same input. */
export function routesOf({ routes, admin, directories }: BaseConfigInput, onStray: (what: string) => void): Routes {
  if (routes === 'admin') return createAdminRoutes({ admin, onStray });
  return createFileRoutes({ directory: directories.routes, onStray });
}

export function basic(secret = password, scheme = 'Basic', user = 'tidepool'): string {
  return `${scheme} ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}
