/** What the user owns: a workspace and its registered ports, as the API shows them. */
import { z } from 'zod';
import { workspaceSource } from './git-source.ts';
import { actions, statuses } from './lifecycle.ts';
import { stopReasons } from './stop-reasons.ts';

const reservedNames: readonly string[] = ['tidepool', 'api', 'app'];

/** 3 to 40 of `a-z0-9-`, starts with a letter, no trailing hyphen, no `--`: it is part of every URL of the workspace. */
export const workspaceName = z
  .string()
  .min(3, 'A name has at least 3 characters.')
  .max(40, 'A name has at most 40 characters.')
  .regex(/^[a-z][a-z0-9-]*$/, 'Use lower-case letters, digits and hyphens, beginning with a letter, such as "web-app".')
  .regex(/^(?!.*--)(?!.*-$)/, 'A name has no "--" and does not end in a hyphen.')
  .refine((name) => !reservedNames.includes(name), 'This name is reserved. Choose another.');

/** UTC, ISO 8601 with milliseconds: `2026-03-01T12:00:00.000Z`. */
export const timestamp = z.iso.datetime({ precision: 3 });

/** The IDE's own port in every instance; never registered. */
export const idePort = 8080;
export const maxPorts = 5;

export const portNumber = z
  .int('A port is a whole number.')
  .min(1024, 'Take a port from 1024 to 65535.')
  .max(65535, 'Take a port from 1024 to 65535.')
  .refine((port) => port !== idePort, `${idePort} is the editor's own. Take another from 1024 to 65535.`);

export const port = z.strictObject({
  port: z.int(),
  label: z.string().nullable(),
  /** Whether something answered there at the last look; null while the workspace does not run, or before the first look. */
  listening: z.boolean().nullable(),
  /** Whether `/workspace/NAME/port/N` is cut from the path before the application sees it. */
  stripPrefix: z.boolean(),
  /** On the workspace origin: `/workspace/NAME/port/N/`. */
  path: z.string(),
  createdAt: timestamp,
});
export type Port = z.infer<typeof port>;

const workspaceError = z.strictObject({
  /** From the catalogue in `errors.ts`. */
  code: z.string(),
  message: z.string(),
  /** The action that failed, and that `retry` runs again. */
  action: z.enum(actions),
  /** What the reader can do about it. */
  fix: z.string(),
});

export const cpus = z.int('A whole number of cores.').min(1, 'At least 1.').max(64, 'At most 64.');
export const memoryMiB = z
  .int('A whole number of MiB.')
  .min(512, 'At least 512 MiB.')
  .max(1_048_576, 'At most 1048576 MiB.');

/** Of the instance's disk; enforced where the runtime's capabilities say so. */
export const leastDiskGiB = 5;
export const diskGiB = z
  .int('A whole number of GiB.')
  .min(leastDiskGiB, `At least ${leastDiskGiB} GiB.`)
  .max(4096, 'At most 4096 GiB.');

/** What an instance took when it was last measured. */
export const usage = z.strictObject({
  /** Cores in use, averaged since the measurement before; null at the first. */
  cpus: z.number().nullable(),
  memoryMiB: z.int(),
  /** null where the runtime does not say. */
  diskMiB: z.int().nullable(),
  at: timestamp,
});
export type Usage = z.infer<typeof usage>;

const size = z.strictObject({ cpus: z.int(), memoryMiB: z.int(), diskGiB: z.int() });

export const workspace = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(statuses),
  /** The image it was made from, `workspace@<version>`: it keeps that one. */
  image: z.string(),
  cpus: z.int(),
  memoryMiB: z.int(),
  diskGiB: z.int(),
  /** The size that the present run was given; null where nothing runs. Another `cpus` and so on apply at the next start. */
  inForce: size.nullable(),
  /** The repository it began with; null where it began empty. */
  source: workspaceSource.nullable(),
  /** null while it does not run, or where the runtime cannot measure. */
  usage: usage.nullable(),
  /** Where the runtime reached it last, for people to read; null while it does not run. */
  address: z.string().nullable(),
  error: workspaceError.nullable(),
  stopReason: z.enum(stopReasons).nullable(),
  /** The open job, where there is one. */
  jobId: z.uuid().nullable(),
  ports: z.array(port),
  /** On the workspace origin: `/workspace/NAME/`. */
  path: z.string(),
  /** Counts the row's changes; a client drops an answer older than what it has. */
  version: z.int(),
  createdAt: timestamp,
  updatedAt: timestamp,
  /** Since when it is in its present status; another size or port does not move it. */
  statusSince: timestamp,
  startedAt: timestamp.nullable(),
  lastAccessedAt: timestamp.nullable(),
});
export type Workspace = z.infer<typeof workspace>;

export function workspacePath(name: string): string {
  return `/workspace/${name}/`;
}

export function portPath(name: string, port: number): string {
  return `/workspace/${name}/port/${port}/`;
}
