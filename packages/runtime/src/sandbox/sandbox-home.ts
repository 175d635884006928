/** What all parts of the sandbox runtime share: where things are, whose they are, what is on record. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageRecord, TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { type Fences, openFences } from '../fences.ts';
import { type CgroupPlace, findCgroupBase } from './cgroup.ts';
import { type InstanceFile, type InstancePaths, instancePaths, readInstance } from './instance-files.ts';
import { installScripts } from './launcher.ts';
import { liveRun, type RunRecord } from './run-record.ts';
import { findSandboxUser, type SandboxUser, sandboxUserName } from './sandbox-user.ts';

export interface SandboxOptions {
  /** Instances: `<id>/`, and beside them `.fences`, `.short`, `.trash`, `.launcher`. */
  readonly sandboxes: string;
  /** Relay sockets: `<short id>/<port>.sock`. */
  readonly relay: string;
  /** Image trees: `<name>-<version>/`. */
  readonly images: string;
  /** The guest API's port on the host's loopback. */
  readonly guestPort: number;
  /** The built images; the current one is what new workspaces are made from. */
  readonly listImages: () => Promise<readonly ImageRecord[]>;
  readonly log: Logger;
  /** Tests only: another cgroup tree. */
  readonly cgroup?: CgroupPlace;
}

export interface SandboxHome {
  readonly options: SandboxOptions;
  readonly fences: Fences;
  readonly shortIds: string;
  readonly trash: string;
  /** Where groups with limits are made; or why limits cannot be set. */
  readonly cgroup: { readonly base: string; readonly home: string } | { readonly reason: string };
  paths(id: string): InstancePaths;
  relays(instance: InstanceFile): string;
  /** @throws `image_missing` */
  imageTree(image: string): string;
  /** @throws `runtime_unavailable` where it has not been made */
  user(): SandboxUser;
  /** The directory of our scripts. */
  scripts(): string;
  /** The instance's live run; null where it is stopped or not there. */
  run(id: string): RunRecord | null;
}

export function openSandboxHome(options: SandboxOptions): SandboxHome {
  const { sandboxes, relay, images } = options;
  // The sandbox user passes through both, and lists neither.
  for (const directory of [sandboxes, relay]) {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o711);
  }
  const found = findCgroupBase(options.cgroup);
  const homeName = `tidepool-${createHash('sha256').update(sandboxes).digest('hex').slice(0, 8)}`;
  const paths = (id: string) => instancePaths(sandboxes, id);
  let user: SandboxUser | null = null;
  let scripts: string | null = null;

  const home: SandboxHome = {
    options,
    fences: openFences(join(sandboxes, '.fences')),
    shortIds: join(sandboxes, '.short'),
    trash: join(sandboxes, '.trash'),
    cgroup: 'base' in found ? { base: found.base, home: homeName } : found,
    paths,
    relays: (instance) => join(relay, instance.relay),
    imageTree(image) {
      const [, name, version] = /^([a-z]+)@(\w+)$/.exec(image) ?? [];
      const tree = join(images, `${name}-${version}`);
      if (!name || !existsSync(join(tree, 'manifest.json'))) {
        throw new TidepoolError('image_missing', { detail: `There is no image ${image} in ${images}.` });
      }
      return tree;
    },
    user() {
      user ??= findSandboxUser();
      if (user !== null) return user;
      throw new TidepoolError('runtime_unavailable', { detail: `There is no user ${sandboxUserName}.` });
    },
    scripts() {
      scripts ??= installScripts(sandboxes);
      return scripts;
    },
    run: (id) => liveRun(paths(id).state, home.user().uid),
  };
  return home;
}

/** @throws `instance_not_found` */
export function requireInstance(home: SandboxHome, id: string): InstanceFile {
  const instance = readInstance(home.paths(id));
  if (instance === null) throw new TidepoolError('instance_not_found');
  return instance;
}

/** @throws `instance_not_running` */
export function requireRun(home: SandboxHome, id: string): { instance: InstanceFile; run: RunRecord } {
  const instance = readInstance(home.paths(id));
  const run = instance && home.run(id);
  if (!instance || !run) throw new TidepoolError('instance_not_running');
  return { instance, run };
}
