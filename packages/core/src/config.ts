/**
 * The configuration: environment variables in one schema, with their defaults. A bad value stops the start with the
 * variable's name, what is wrong and an example. Pure: where the process stands is handed in.
 */
import { z } from 'zod';
import { TidepoolError } from './errors.ts';

/** Where a process stands: what defaults depend on. */
export interface Surroundings {
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly isRoot: boolean;
  readonly totalMemoryMiB: number;
}

const seconds = (fallback: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'a number of seconds, such as "30"')
    .transform((text) => Math.round(Number(text) * 1000))
    .default(Math.round(fallback * 1000));
const portVariable = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `a port, such as "${fallback}"`)
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65535, `a port from 1 to 65535, such as "${fallback}"`)
    .default(fallback);
const origin = z
  .string()
  .regex(/^https?:\/\/[^/\s]+$/, 'an origin without a path, such as "https://ide.example.org"')
  .optional();
/** Caddy reads `{…}` as a placeholder and the rest as a pattern, also in the paths it is given. */
const directory = z
  .string()
  .regex(/^[^{}*?[\]\\$\0]+$/, 'a directory without any of { } * ? [ ] \\ $, such as "/srv/tidepool"');

/** As Incus allows them for projects, pools and profiles, and Linux for bridges (15 characters at most). */
const incusName = (fallback: string, most = 63) =>
  z
    .string()
    .regex(
      new RegExp(`^[a-z][a-z0-9-]{0,${most - 1}}$`),
      `a name of at most ${most} of a-z, 0-9 and -, such as "${fallback}"`,
    )
    .default(fallback);

/** bcrypt reads no more than 72 bytes. */
const passwordRule = 'a password of 8 to 72 characters, such as "correct horse battery"';

/** Each variable once; the output is what code reads. Intervals are milliseconds. */
const environment = z.object({
  TIDEPOOL_HOME: directory.optional(),
  TIDEPOOL_IMAGES: directory.optional(),
  TIDEPOOL_RUNTIME: z
    .enum(['auto', 'incus', 'tart', 'sandbox', 'fake'], 'one of auto, incus, tart, sandbox, fake')
    .default('auto'),
  TIDEPOOL_INCUS_URL: z
    .string()
    .regex(
      /^(unix:\/\/\/[^\s]+|https:\/\/[^\s/]+)\/?$/,
      'where Incus answers, such as "unix:///var/lib/incus/unix.socket" or "https://office.example.org:8443"',
    )
    .optional(),
  TIDEPOOL_INCUS_CERT: directory.optional(),
  TIDEPOOL_INCUS_KEY: directory.optional(),
  TIDEPOOL_INCUS_SERVER_CERT: directory.optional(),
  TIDEPOOL_INCUS_PROJECT: incusName('tidepool'),
  TIDEPOOL_INCUS_POOL: incusName('tidepool'),
  TIDEPOOL_INCUS_NETWORK: incusName('tidepool0', 15),
  TIDEPOOL_INCUS_SUBNET: z.cidrv4('the address of the bridge with its prefix, such as "10.77.0.1/22"').optional(),
  TIDEPOOL_INCUS_TYPE: z
    .enum(['auto', 'container', 'virtual-machine'], 'one of auto, container, virtual-machine')
    .default('auto'),
  /** Incus's own variable: where a daemon keeps its things, its socket included. */
  INCUS_DIR: directory.optional(),
  TIDEPOOL_TART: z
    .string()
    .regex(/^(\/.+|[^/\s]+)$/, 'a program, such as "tart" or "/opt/homebrew/bin/tart"')
    .default('tart'),
  TIDEPOOL_TART_HOME: directory.optional(),
  TIDEPOOL_TART_IMAGE: z
    .string()
    .regex(
      /^tidepool-image-[a-z]+-\w+$/,
      'a local virtual machine whose name tells image and version, such as "tidepool-image-workspace-1"',
    )
    .optional(),
  TIDEPOOL_QUEUE_PORT: portVariable(9324),
  TIDEPOOL_QUEUE_URL: z
    .url({ protocol: /^https?$/, error: 'an SQS endpoint, such as "http://127.0.0.1:9324"', abort: true })
    .refine(
      hasReadableCredentials,
      'an SQS endpoint whose key and secret are percent-encoded, such as "https://KEY:a%2Fb@sqs.eu-west-1.amazonaws.com"',
    )
    .optional(),
  TIDEPOOL_ROUTES: z.enum(['file', 'admin'], 'one of file, admin').default('file'),
  TIDEPOOL_BIND: z.union([z.ipv4(), z.ipv6()], 'an address, such as "127.0.0.1" or "0.0.0.0"').default('127.0.0.1'),
  TIDEPOOL_APP_PORT: portVariable(8080),
  TIDEPOOL_WORKSPACE_PORT: portVariable(8081),
  TIDEPOOL_APP_ORIGIN: origin,
  TIDEPOOL_WORKSPACE_ORIGIN: origin,
  TIDEPOOL_API_PORT: portVariable(7163),
  TIDEPOOL_GUEST_PORT: portVariable(7164),
  TIDEPOOL_CADDY: z.string().min(1, 'a program, such as "caddy" or "/usr/bin/caddy"').default('caddy'),
  TIDEPOOL_CADDY_ADMIN: z
    .string()
    .regex(
      /^(unix\/\/.+|(127\.0\.0\.1|\[::1\]|localhost):\d+)$/,
      '"unix//path/to/admin.sock" or a loopback address such as "127.0.0.1:2019"',
    )
    .optional(),
  TIDEPOOL_USER: z
    .string()
    .regex(/^[^:\s]{1,64}$/, 'a user name without colon or space, such as "tidepool"')
    .default('tidepool'),
  TIDEPOOL_PASSWORD: z.string().min(8, passwordRule).max(72, passwordRule).optional(),
  TIDEPOOL_MEMORY_MIB: z
    .string()
    .regex(/^\d{3,8}$/, 'a number of MiB, such as "8192"')
    .transform(Number)
    .optional(),
  TIDEPOOL_LEASE_SECONDS: seconds(30),
  TIDEPOOL_HEARTBEAT_SECONDS: seconds(5),
  TIDEPOOL_SWEEP_SECONDS: seconds(5),
  TIDEPOOL_RECONCILE_SECONDS: seconds(30),
  /** 0: nothing is measured. */
  TIDEPOOL_USAGE_SECONDS: seconds(5),
  /** Set by `tidepool up` for its processes; nobody sets them by hand. */
  TIDEPOOL_PROXY_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, '43 characters of base64url, as `tidepool up` makes it')
    .optional(),
  TIDEPOOL_PASSWORD_HASH: z.string().startsWith('$2', 'a bcrypt hash, as `tidepool up` makes it').optional(),
  TIDEPOOL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'one of debug, info, warn, error').default('info'),
});

/** Where Incus answers; paths are absolute. */
export type IncusPlace =
  | { readonly kind: 'unix'; readonly socket: string }
  | {
      readonly kind: 'https';
      /** Without a path. */
      readonly url: string;
      /** PEM files: the client's certificate and key, and the server's certificate, which is the only one trusted. */
      readonly cert: string;
      readonly key: string;
      readonly serverCert: string;
    };

export interface IncusConfig {
  readonly place: IncusPlace;
  readonly project: string;
  readonly pool: string;
  /** The bridge. */
  readonly network: string;
  /** Address and prefix of the bridge, where somebody chose them. */
  readonly subnet: string | null;
  readonly type: 'auto' | 'container' | 'virtual-machine';
}

export interface Config {
  readonly home: string;
  readonly paths: {
    readonly database: string;
    readonly routes: string;
    readonly sessions: string;
    readonly caddy: string;
    readonly run: string;
    /** Unix sockets of instances: `<short id>/<port>.sock`. 0711, each directory in it 0700. */
    readonly relay: string;
    readonly sandboxes: string;
    readonly images: string;
    readonly logs: string;
    readonly credentials: string;
  };
  readonly runtime: 'auto' | 'incus' | 'tart' | 'sandbox' | 'fake';
  readonly incus: IncusConfig;
  readonly tart: {
    readonly program: string;
    /** Tart's own TART_HOME; null: where it always is. */
    readonly home: string | null;
    /** The virtual machine that new workspaces are made from; null: the newest version. */
    readonly image: string | null;
  };
  readonly queue: {
    readonly port: number /** null: the embedded one, on `port`. May hold credentials: it is shown to nobody. */;
    readonly url: string | null;
  };
  /** Where Caddy finds its routes: in files, or in its own config. */
  readonly routes: 'file' | 'admin';
  readonly bind: string;
  readonly ports: { readonly app: number; readonly workspace: number; readonly api: number; readonly guest: number };
  readonly origins: { readonly app: string | null; readonly workspace: string | null };
  readonly caddy: { readonly program: string /** `unix//ABSOLUTE` or `host:port`. */; readonly admin: string };
  readonly user: string;
  readonly password: string | null;
  readonly budgetMiB: number;
  /** Milliseconds. */
  readonly intervals: {
    readonly lease: number;
    readonly heartbeat: number;
    readonly sweep: number;
    readonly reconcile: number;
    /** Between two looks at what running instances take; 0: none. */
    readonly usage: number;
  };
  /** What `tidepool up` hands its processes: how the server knows Caddy, and (worker only) what Caddy checks passwords against. */
  readonly secrets: { readonly proxy: string | null; readonly passwordHash: string | null };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** @throws TidepoolError `invalid_config`, naming each variable that is wrong */
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

/** A secret may hold `/`, `+` and `%`, and a URL none of them as they are. */
function hasReadableCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** 4096 MiB, or half the budget where that is less. */
export function defaultMemoryMiB(budgetMiB: number): number {
  return Math.min(4096, Math.floor(budgetMiB / 2));
}

export const defaultCpus = 2;
export const defaultDiskGiB = 20;

function incusPlace(values: z.infer<typeof environment>, around: Surroundings): IncusPlace {
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

function refuseSharedPorts(values: z.infer<typeof environment>): void {
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
