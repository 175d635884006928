/** What Incus answers, as far as it is read here: https://linuxcontainers.org/incus/docs/main/rest-api/ */
import { z } from 'zod';

export const envelope = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sync'), metadata: z.unknown() }),
  z.object({ type: z.literal('async'), operation: z.string(), metadata: z.unknown() }),
  z.object({ type: z.literal('error'), error: z.string(), error_code: z.int() }),
]);

const config = z.record(z.string(), z.string());
const devices = z.record(z.string(), config);

/** An operation that has succeeded; one that failed is answered as an error. */
export const ended = z.object({ metadata: z.unknown() });

/** By state: `running`, `pending`, `success`, `failure` … */
export const operations = z.record(
  z.string(),
  z.array(z.object({ id: z.string(), resources: z.record(z.string(), z.array(z.string())).nullable() })),
);

/** Of a command under way: the secrets of its WebSockets. */
export const execution = z.object({
  metadata: z.object({ fds: z.object({ 0: z.string(), 1: z.string(), 2: z.string(), control: z.string() }) }),
});
export const executed = z.object({ return: z.int() });

export const server = z.object({
  auth: z.string(),
  api_extensions: z.array(z.string()),
  environment: z
    .object({
      /** Such as `lxc` or `lxc | qemu`: what it can run. */
      driver: z.string(),
      server_version: z.string(),
      kernel_features: z.record(z.string(), z.string()).nullish(),
    })
    // An untrusted client is told nothing more.
    .optional(),
});

export const project = z.object({ name: z.string(), description: z.string(), config });
export const profile = z.object({ name: z.string(), description: z.string(), config, devices });
export const pool = z.object({ name: z.string(), driver: z.string(), status: z.string(), config });
export const poolSpace = z.object({
  space: z.object({ used: z.number(), total: z.number() }),
});

export const network = z.object({
  name: z.string(),
  description: z.string(),
  type: z.string(),
  managed: z.boolean(),
  status: z.string(),
  config,
});

const aclRule = z.object({
  action: z.string(),
  state: z.string(),
  source: z.string().default(''),
  destination: z.string().default(''),
  protocol: z.string().default(''),
  source_port: z.string().default(''),
  destination_port: z.string().default(''),
  icmp_type: z.string().default(''),
  icmp_code: z.string().default(''),
  description: z.string().default(''),
});
export type AclRule = z.infer<typeof aclRule>;
export const acl = z.object({
  name: z.string(),
  description: z.string(),
  config: config.nullable(),
  egress: z.array(aclRule).nullable(),
  ingress: z.array(aclRule).nullable(),
});

export const image = z.object({
  fingerprint: z.string(),
  type: z.string(),
  /** Bytes. */
  size: z.number(),
  properties: config.nullable(),
  aliases: z.array(z.object({ name: z.string() })).nullable(),
});
export type IncusImage = z.infer<typeof image>;
export const alias = z.object({ name: z.string(), target: z.string(), type: z.string() });

export const instance = z.object({
  name: z.string(),
  type: z.string(),
  /** `Running`, `Stopped`, `Frozen`, `Error`. */
  status: z.string(),
  config,
  devices,
  expanded_devices: devices,
});
export type IncusInstance = z.infer<typeof instance>;

export const instanceState = z.object({
  status: z.string(),
  pid: z.number(),
  cpu: z.object({ /** Nanoseconds. */ usage: z.number() }),
  memory: z.object({ /** Bytes. */ usage: z.number() }),
  disk: z.record(z.string(), z.object({ /** Bytes. */ usage: z.number() })).nullable(),
  network: z
    .record(z.string(), z.object({ addresses: z.array(z.object({ family: z.string(), address: z.string() })) }))
    .nullable(),
});
export const instanceWithState = instance.extend({ state: instanceState.nullable() });

export const lifecycleEvent = z.object({
  type: z.literal('lifecycle'),
  project: z.string().default('default'),
  metadata: z.object({ action: z.string(), name: z.string().optional(), source: z.string() }),
});
