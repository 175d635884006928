/**
 * An instance on disk: `sandboxes/<id>/`. Only `home` and, outside of bwrap, `state` belong to the sandbox user; what
 * Tidepool writes later lies beside them, so that no symlink of a guest ever leads a write of ours astray.
 */
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../file-errors.ts';
import { replaceFile } from '../replace-file.ts';
import type { InstanceSpec } from '../runtime.ts';
import type { SandboxUser } from './sandbox-user.ts';

const instanceFile = z.strictObject({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  cpus: z.int(),
  memoryMiB: z.int(),
  /** The name of its directory of relay sockets. */
  relay: z.string(),
  /** Where it prints to; null in those of an earlier version until their next start. */
  logDirectory: z.string().nullable().default(null),
});
export type InstanceFile = z.infer<typeof instanceFile>;

export interface InstancePaths {
  readonly root: string;
  /** Written last: an instance without it is half-made. */
  readonly file: string;
  /** Mounted over the guest's `/etc`, file by file. */
  readonly etc: string;
  readonly rules: string;
  /** The sandbox user's own: lock, run, up, alive. */
  readonly state: string;
  /** The guest's home directory. */
  readonly home: string;
}

export function instancePaths(sandboxes: string, id: string): InstancePaths {
  if (!/^[\w-]+$/.test(id)) throw new Error(`not an instance's id: ${id}`);
  const root = join(sandboxes, id);
  const file = (name: string) => join(root, name);
  return {
    root,
    file: file('instance.json'),
    etc: file('etc'),
    rules: file('wall.nft'),
    state: file('state'),
    home: file('home'),
  };
}

/** Null where there is none, or only a half-made one: create completes it, and keeps the disk it finds. */
export function readInstance(paths: InstancePaths): InstanceFile | null {
  try {
    return instanceFile.parse(JSON.parse(readFileSync(paths.file, 'utf8')));
  } catch (error) {
    // ENOTDIR: a stray file among the directories. The others: a file that a power cut left half-written.
    const halfMade = hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
    if (halfMade || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export function instanceIds(sandboxes: string): string[] {
  try {
    return readdirSync(sandboxes).filter((name) => /^[\w-]+$/.test(name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Everything but `instance.json`, for an instance in which no guest has run: a guest's symlinks would be followed. */
export function makeDirectories(paths: InstancePaths, user: SandboxUser): void {
  mkdirSync(paths.root, { recursive: true });
  chmodSync(paths.root, 0o711);
  mkdirSync(paths.etc, { recursive: true });
  for (const path of [paths.state, paths.home]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (user.drop) chownSync(path, user.uid, user.gid);
  }
}

export function writeInstance(paths: InstancePaths, spec: InstanceSpec, relay: string): void {
  const { id, name, image, cpus, memoryMiB, logDirectory } = spec;
  const file: InstanceFile = { id, name, image, cpus, memoryMiB, relay, logDirectory };
  replaceFile(paths.file, JSON.stringify(file));
}

/** MiB that an ordinary user may still write on the disk of `path`. */
export function freeMiB(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
