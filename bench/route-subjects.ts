/**
 * What routing is measured on: the file table and the routes in Caddy's config as Tidepool runs them (sign-in by session
 * included), a Caddy with one static route per workspace in its config (no sign-in), and configurable-http-proxy,
 * JupyterHub's (no sign-in).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { askAdmin } from '../packages/caddy/src/admin-client.ts';
import { tableId, tableOf } from '../packages/caddy/src/admin-table.ts';
import { entryOf } from '../packages/caddy/src/table-entry.ts';
import { unguarded } from '../packages/caddy/src/unguarded.ts';
import { startCaddy } from '../packages/caddy/test/caddy-process.ts';
import { newestCaddy } from '../packages/caddy/test/caddy-versions.ts';
import { startTestbed } from '../packages/caddy/test/testbed.ts';
import { freePort } from '../packages/caddy/test/upstreams.ts';

export interface RouteSubject {
  readonly name: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  addRoute(workspace: string): Promise<void>;
  end(): Promise<void>;
}

interface Place {
  readonly home: string;
  /** The one upstream that all routes lead to. */
  readonly upstreamPort: number;
  readonly workspaces: readonly string[];
}

export async function fileTable({ upstreamPort, workspaces }: Omit<Place, 'home'>): Promise<RouteSubject> {
  const bed = await startTestbed({ program: 'caddy', version: '', routes: 'file' });
  const target = { kind: 'tcp', host: '127.0.0.1', port: upstreamPort } as const;
  const addRoute = (workspace: string) =>
    bed.routes.replace(workspace, [{ port: 'ide', target, stripPrefix: true }], unguarded);
  for (const workspace of workspaces) await addRoute(workspace);
  return {
    name: 'file table, signed in',
    origin: `http://127.0.0.1:${bed.input.ports.workspace}`,
    headers: { Cookie: bed.cookie },
    addRoute,
    end: bed.end,
  };
}

/** On the newest Caddy: Debian's is too old for them. */
export async function adminRoutes({ upstreamPort, workspaces }: Omit<Place, 'home'>): Promise<RouteSubject> {
  const bed = await startTestbed({ ...newestCaddy, routes: 'admin' });
  const route = {
    port: 'ide',
    target: { kind: 'tcp', host: '127.0.0.1', port: upstreamPort },
    stripPrefix: true,
  } as const;
  // All at once: each change of its own would be a change of the config.
  const table = tableOf(workspaces.map((workspace) => entryOf(workspace, route)));
  await askAdmin(bed.input.admin, { method: 'PATCH', path: `/id/${tableId}`, json: JSON.stringify(table) });
  return {
    name: `routes by the admin API, Caddy ${newestCaddy.version}, signed in`,
    origin: `http://127.0.0.1:${bed.input.ports.workspace}`,
    headers: { Cookie: bed.cookie },
    addRoute: (workspace) => bed.routes.replace(workspace, [route], unguarded),
    end: bed.end,
  };
}

export async function staticRoutes({ home, upstreamPort, workspaces }: Place): Promise<RouteSubject> {
  const port = await freePort();
  const caddy = await startCaddy({ program: 'caddy', home });
  const route = (workspace: string) => ({
    '@id': workspace,
    match: [{ path: [`/workspace/${workspace}/*`] }],
    handle: [
      { handler: 'rewrite', strip_path_prefix: `/workspace/${workspace}` },
      { handler: 'reverse_proxy', upstreams: [{ dial: `127.0.0.1:${upstreamPort}` }] },
    ],
  });
  const server = {
    listen: [`127.0.0.1:${port}`],
    automatic_https: { disable: true },
    routes: workspaces.map(route),
  };
  const present: unknown = JSON.parse(await askAdmin(caddy.admin, { method: 'GET', path: '/config/admin' }));
  const config = {
    admin: present,
    logging: { logs: { default: { level: 'WARN' } } },
    apps: { http: { servers: { main: server } } },
  };
  await askAdmin(caddy.admin, { method: 'POST', path: '/load', json: JSON.stringify(config) });
  return {
    name: 'static routes in Caddy’s config',
    origin: `http://127.0.0.1:${port}`,
    headers: {},
    async addRoute(workspace) {
      const path = '/config/apps/http/servers/main/routes';
      await askAdmin(caddy.admin, { method: 'POST', path, json: JSON.stringify(route(workspace)) });
    },
    end: () => caddy.end('SIGKILL'),
  };
}

export async function configurableHttpProxy({ upstreamPort, workspaces }: Omit<Place, 'home'>): Promise<RouteSubject> {
  const [port, api] = [await freePort(), await freePort()];
  const program = new URL('../node_modules/configurable-http-proxy/bin/configurable-http-proxy', import.meta.url);
  const listen = ['--ip', '127.0.0.1', '--port', String(port), '--api-ip', '127.0.0.1', '--api-port', String(api)];
  const options = [...listen, '--no-include-prefix', '--log-level', 'error'];
  const child = spawn(process.execPath, [program.pathname, ...options], {
    env: { ...process.env, CONFIGPROXY_AUTH_TOKEN: 'bench' },
    stdio: 'ignore',
  });
  const addRoute = async (workspace: string) => {
    const { statusCode, body } = await request(`http://127.0.0.1:${api}/api/routes/workspace/${workspace}`, {
      method: 'POST',
      headers: { authorization: 'token bench', 'content-type': 'application/json' },
      body: JSON.stringify({ target: `http://127.0.0.1:${upstreamPort}` }),
    });
    await body.dump();
    if (statusCode !== 201) throw new Error(`configurable-http-proxy answered ${statusCode}`);
  };
  await untilAnswers(`http://127.0.0.1:${api}/api/routes`, child);
  for (const workspace of workspaces) await addRoute(workspace);
  return {
    name: 'configurable-http-proxy',
    origin: `http://127.0.0.1:${port}`,
    headers: {},
    addRoute,
    end: () => ended(child),
  };
}

/** An application that answers at once with two bytes: a Caddy of its own, so that the proxy is what is measured. */
export async function startFastUpstream(home: string): Promise<{ port: number; end(): Promise<void> }> {
  const port = await freePort();
  const caddy = await startCaddy({ program: 'caddy', home });
  const present: unknown = JSON.parse(await askAdmin(caddy.admin, { method: 'GET', path: '/config/admin' }));
  const server = {
    listen: [`127.0.0.1:${port}`],
    automatic_https: { disable: true },
    routes: [{ handle: [{ handler: 'static_response', body: 'ok' }] }],
  };
  const config = { admin: present, apps: { http: { servers: { main: server } } } };
  await askAdmin(caddy.admin, { method: 'POST', path: '/load', json: JSON.stringify(config) });
  return { port, end: () => caddy.end('SIGKILL') };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + 30_000; ; ) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    try {
      const { body } = await request(url);
      await body.dump();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
