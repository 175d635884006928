/** What the host is and can: written by the worker into one row, shown by the server. */
import { z } from 'zod';
import { stepNames } from './job.ts';
import { timestamp } from './workspace.ts';

export const runtimeKinds = ['incus', 'tart', 'sandbox', 'fake'] as const;
export type RuntimeKind = (typeof runtimeKinds)[number];

/** Differences between runtimes are data. */
export const capabilities = z.strictObject({
  /** What stands between a workspace and the host. */
  isolation: z.enum(['virtual-machine', 'system-container', 'namespaces', 'none']),
  /** Whether CPU and memory limits are enforced, not only counted. */
  limits: z.boolean(),
  /** Whether the size of the disk is. */
  diskLimit: z.boolean(),
  /** Whether an instance can be frozen with all that runs in it, and go on. */
  pause: z.boolean(),
  /** Whether its disk can be kept as it is now. */
  snapshot: z.boolean(),
  /** Whether another instance can be made from its disk or a snapshot. */
  clone: z.boolean(),
  /** Whether what it printed while booting can be read. */
  console: z.boolean(),
  /** Whether what it takes now (CPU, memory, disk) can be measured. */
  usage: z.boolean(),
  /** Whether the workspace's user may become root inside. */
  rootInside: z.boolean(),
});
export type Capabilities = z.infer<typeof capabilities>;

/** One thing the preflight looked at. */
export const finding = z.strictObject({
  /** Stable, such as `bubblewrap` or `port.8080`. */
  id: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  /** What was found, in a sentence. */
  detail: z.string(),
  /** What to do; null where there is nothing to do. */
  fix: z.string().nullable(),
  /** The exact commands that do it, where there are. */
  commands: z.array(z.string()),
});
export type Finding = z.infer<typeof finding>;

/** A built image that workspaces can be made from. */
export const imageRecord = z.strictObject({
  name: z.string(),
  /** The content hash of what it was made from. */
  version: z.string(),
  builtAt: timestamp,
  /** As it lies on the disk; null where the runtime does not say. */
  sizeMiB: z.int().nullable(),
  /** Whether a new workspace that asks for `name` gets this version. One of each name. */
  current: z.boolean(),
});
export type ImageRecord = z.infer<typeof imageRecord>;

/** What a workspace keeps of its image: `workspace@<version>`. */
export function imageReference({ name, version }: Pick<ImageRecord, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** The image of a workspace whose creation names none. */
export const defaultImageName = 'workspace';

/** Where a runtime keeps the disks of workspaces, if not in the home of Tidepool. */
export const storage = z.strictObject({
  name: z.string(),
  totalMiB: z.int(),
  freeMiB: z.int(),
});
export type Storage = z.infer<typeof storage>;

export const hostRecord = z.strictObject({
  runtime: z.strictObject({
    kind: z.enum(runtimeKinds),
    version: z.string(),
    capabilities,
    /** false: it does not answer, and all that comes from it is as it said last. */
    healthy: z.boolean(),
  }),
  routes: z.strictObject({
    kind: z.enum(['file', 'admin', 'fake']),
    caddyVersion: z.string().nullable(),
    healthy: z.boolean(),
  }),
  images: z.array(imageRecord),
  cpus: z.int(),
  totalMemoryMiB: z.int(),
  /** Of the home of Tidepool. */
  disk: z.strictObject({ totalMiB: z.int(), freeMiB: z.int() }),
  /** null: workspaces have their disks in the home. */
  storage: storage.nullable(),
  findings: z.array(finding),
  /** When the worker wrote it. */
  observedAt: timestamp,
});
export type HostRecord = z.infer<typeof hostRecord>;

/** What all workspaces together took at one moment. */
export const hostSample = z.strictObject({
  at: timestamp,
  /** How many ran. */
  running: z.int(),
  /** Of the budget. */
  allottedMiB: z.int(),
  /** In use of that; null where nobody measured. */
  memoryMiB: z.int().nullable(),
  /** Cores in use; null where nobody measured. */
  cpus: z.number().nullable(),
});
export type HostSample = z.infer<typeof hostSample>;

export const capacity = z.strictObject({
  budgetMiB: z.int(),
  usedMiB: z.int(),
  freeMiB: z.int(),
});
export type Capacity = z.infer<typeof capacity>;

export const host = z.strictObject({
  /** null until a worker has looked. */
  observed: hostRecord.nullable(),
  capacity,
  counts: z.strictObject({ total: z.int(), running: z.int(), openJobs: z.int() }),
  /** Whether a worker is alive now. */
  worker: z.strictObject({ alive: z.boolean() }),
  queue: z.strictObject({
    /** `external`: where `TIDEPOOL_QUEUE_URL` points. */
    kind: z.enum(['embedded', 'external']),
    /** Without the credentials that the URL may hold. */
    endpoint: z.string(),
    healthy: z.boolean(),
    /** What was found there, in a sentence. */
    detail: z.string(),
  }),
  defaults: z.strictObject({ cpus: z.int(), memoryMiB: z.int(), diskGiB: z.int(), image: z.string() }),
  /** The public origins; null where they follow from the request's host and the port. */
  origins: z.strictObject({ app: z.string().nullable(), workspace: z.string().nullable(), workspacePort: z.int() }),
  versions: z.strictObject({ tidepool: z.string(), node: z.string() }),
  /** How long the last ones took, request to end, in milliseconds; null until there was one. */
  typical: z.strictObject({
    createMs: z.number().nullable(),
    startMs: z.number().nullable(),
    stopMs: z.number().nullable(),
    /** Each step of the last creates and starts. */
    steps: z.partialRecord(z.enum(stepNames), z.number()),
  }),
});
export type Host = z.infer<typeof host>;
