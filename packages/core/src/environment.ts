/**
 * Each environment variable once, with what is a good value and its default. What stands behind a variable is said in
 * docs/configuration.md. Where a default depends on the host, the variable is optional here, and `parse-config.ts` knows it.
 */
import { z } from 'zod';
import { bridgeRangeRule, isBridgeRange } from './bridge-range.ts';

/** Shorter intervals would keep a core busy and find nothing more. */
const leastSeconds = 0.1;
/** A day. Timers of Node fire at once from 25 days on. */
const mostSeconds = 86_400;
const seconds = (fallback: number, { orNever = false } = {}) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `a number of seconds, such as "${fallback}"`)
    .transform(Number)
    .refine(
      (value) => (value >= leastSeconds && value <= mostSeconds) || (orNever && value === 0),
      `a number of seconds from ${leastSeconds} to ${mostSeconds}${orNever ? ', or 0 for never' : ''}, such as "${fallback}"`,
    )
    .transform((value) => Math.round(value * 1000))
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

/** The output is what `parse-config.ts` reads. Intervals are milliseconds. */
export const environment = z.object({
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
  TIDEPOOL_INCUS_SUBNET: z.string().refine(isBridgeRange, `${bridgeRangeRule}, such as "10.77.0.1/22"`).optional(),
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
  TIDEPOOL_USAGE_SECONDS: seconds(5, { orNever: true }),
  /** Set by `tidepool up` for its processes; nobody sets them by hand. */
  TIDEPOOL_PROXY_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, '43 characters of base64url, as `tidepool up` makes it')
    .optional(),
  TIDEPOOL_PASSWORD_HASH: z.string().startsWith('$2', 'a bcrypt hash, as `tidepool up` makes it').optional(),
  TIDEPOOL_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'one of debug, info, warn, error').default('info'),
});
export type Environment = z.infer<typeof environment>;

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
