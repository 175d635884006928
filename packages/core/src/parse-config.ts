/** From environment variables to the configuration. Pure: where the process stands is handed in. */
import type { Config, IncusPlace, Surroundings } from './config.ts';
import { type Environment, environment } from './environment.ts';
import { TidepoolError } from './errors.ts';

/** @throws TidepoolError `invalid_config`: for each variable that is wrong its name, what it must be and an example */
export function parseConfig(env: Readonly<Record<string, string | undefined>>, around: Surroundings): Config {
  // An empty variable is an unset one: `TIDEPOOL_QUEUE_URL= npm start` means the default.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => ({
      field: issue.path.map(String).join('.'),
      message: issue.message,
    }));
    throw invalid(fields);
  }
  const values = parsed.data;
  const home = absolute(values.TIDEPOOL_HOME ?? (around.isRoot ? '/var/lib/tidepool' : '~/.tidepool'), around);
  refuseSharedPorts(values);
  return {
    home,
    paths: {
      database: `${home}/tidepool.db`,
      routes: `${home}/routes`,
      sessions: `${home}/sessions`,
      caddy: `${home}/caddy`,
      run: `${home}/run`,
      relay: `${home}/relay`,
      sandboxes: `${home}/sandboxes`,
      images: values.TIDEPOOL_IMAGES === undefined ? `${home}/images` : absolute(values.TIDEPOOL_IMAGES, around),
      logs: `${home}/.logs`,
      credentials: `${home}/credentials.json`,
    },
    runtime: values.TIDEPOOL_RUNTIME,
    incus: {
      place: incusPlace(values, around),
      project: values.TIDEPOOL_INCUS_PROJECT,
      pool: values.TIDEPOOL_INCUS_POOL,
      network: values.TIDEPOOL_INCUS_NETWORK,
      subnet: values.TIDEPOOL_INCUS_SUBNET ?? null,
      type: values.TIDEPOOL_INCUS_TYPE,
    },
    tart: {
      program: values.TIDEPOOL_TART,
      home: values.TIDEPOOL_TART_HOME === undefined ? null : absolute(values.TIDEPOOL_TART_HOME, around),
      image: values.TIDEPOOL_TART_IMAGE ?? null,
    },
    queue: { port: values.TIDEPOOL_QUEUE_PORT, url: values.TIDEPOOL_QUEUE_URL ?? null },
    routes: values.TIDEPOOL_ROUTES,
    bind: values.TIDEPOOL_BIND,
    ports: {
      app: values.TIDEPOOL_APP_PORT,
      workspace: values.TIDEPOOL_WORKSPACE_PORT,
      api: values.TIDEPOOL_API_PORT,
      guest: values.TIDEPOOL_GUEST_PORT,
    },
    origins: { app: values.TIDEPOOL_APP_ORIGIN ?? null, workspace: values.TIDEPOOL_WORKSPACE_ORIGIN ?? null },
    caddy: { program: values.TIDEPOOL_CADDY, admin: values.TIDEPOOL_CADDY_ADMIN ?? `unix/${home}/caddy/admin.sock` },
    user: values.TIDEPOOL_USER,
    password: values.TIDEPOOL_PASSWORD ?? null,
    budgetMiB: values.TIDEPOOL_MEMORY_MIB ?? Math.max(512, around.totalMemoryMiB - 2048),
    intervals: {
      lease: values.TIDEPOOL_LEASE_SECONDS,
      heartbeat: values.TIDEPOOL_HEARTBEAT_SECONDS,
      sweep: values.TIDEPOOL_SWEEP_SECONDS,
      reconcile: values.TIDEPOOL_RECONCILE_SECONDS,
      usage: values.TIDEPOOL_USAGE_SECONDS,
    },
    secrets: { proxy: values.TIDEPOOL_PROXY_SECRET ?? null, passwordHash: values.TIDEPOOL_PASSWORD_HASH ?? null },
    logLevel: values.TIDEPOOL_LOG_LEVEL,
  };
}

function incusPlace(values: Environment, around: Surroundings): IncusPlace {
  const url = values.TIDEPOOL_INCUS_URL?.replace(/(?<!\/)\/$/, '');
  if (!url?.startsWith('https://')) {
    const directory = absolute(values.INCUS_DIR ?? '/var/lib/incus', around);
    return { kind: 'unix', socket: url?.slice('unix://'.length) ?? `${directory}/unix.socket` };
  }
  const file = (name: 'TIDEPOOL_INCUS_CERT' | 'TIDEPOOL_INCUS_KEY' | 'TIDEPOOL_INCUS_SERVER_CERT') => {
    const path = values[name];
    if (path !== undefined) return absolute(path, around);
    throw invalid([{ field: name, message: 'a PEM file: a daemon reached by https needs it, see docs/incus.md' }]);
  };
  const [cert, key] = [file('TIDEPOOL_INCUS_CERT'), file('TIDEPOOL_INCUS_KEY')];
  return { kind: 'https', url, cert, key, serverCert: file('TIDEPOOL_INCUS_SERVER_CERT') };
}

function refuseSharedPorts(values: Environment): void {
  const names = [
    'TIDEPOOL_APP_PORT',
    'TIDEPOOL_WORKSPACE_PORT',
    'TIDEPOOL_API_PORT',
    'TIDEPOOL_GUEST_PORT',
    ...(values.TIDEPOOL_QUEUE_URL === undefined ? (['TIDEPOOL_QUEUE_PORT'] as const) : []),
  ] as const;
  for (const [index, name] of names.entries()) {
    const other = names.slice(0, index).find((earlier) => values[earlier] === values[name]);
    if (other) throw invalid([{ field: name, message: `a port of its own: ${values[name]} is ${other} already` }]);
  }
}

function absolute(path: string, { cwd, homeDirectory }: Surroundings): string {
  const expanded = path === '~' || path.startsWith('~/') ? `${homeDirectory}${path.slice(1)}` : path;
  const joined = expanded.startsWith('/') ? expanded : `${cwd}/${expanded}`;
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function invalid(fields: { field: string; message: string }[]): TidepoolError {
  const detail = fields.map(({ field, message }) => `${field} must be ${message}.`).join('\n');
  return new TidepoolError('invalid_config', { detail, fields });
}
