/**
 * What all parts of the Tart runtime share. Tart keeps no labels, so they lie beside it, in `HOME/tart`: `<id>/` with
 * `instance.json` (written last), `runs/` and `guest/` (what the guest may read), and `.fences/`. Its virtual machines are
 * ours by their names.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Fences, openFences } from '../fences.ts';
import { hasCode } from '../file-errors.ts';
import { replaceFile } from '../replace-file.ts';
import type { InstanceSpec } from '../runtime.ts';
import { createTart, type Tart, type TartOptions } from './tart-command.ts';

export interface TartRuntimeOptions extends TartOptions {
  /** Everything that Tidepool keeps about its machines. */
  readonly directory: string;
  /** The virtual machine that new workspaces are made from; null: the newest version of each name. */
  readonly image: string | null;
  readonly log: Logger;
  /** Tests only: other limits. */
  readonly limits?: Partial<TartLimits>;
}

/** Longest waits, in ms. */
export interface TartLimits {
  /** For a machine to be called running. */
  readonly launch: number;
  /** For its address: a boot takes some ten seconds. After `dhcpAlone` the guest's agent is asked too. */
  readonly address: number;
  readonly dhcpAlone: number;
  /** For the agent: after a boot it refuses for up to half a minute. */
  readonly agent: number;
}

const usualLimits: TartLimits = { launch: 60_000, address: 60_000, dhcpAlone: 15_000, agent: 60_000 };

const instanceFile = z.strictObject({ id: z.string(), name: z.string(), image: z.string() });
export type InstanceFile = z.infer<typeof instanceFile>;

export interface TartHome {
  readonly options: TartRuntimeOptions;
  readonly tart: Tart;
  readonly fences: Fences;
  readonly limits: TartLimits;
  /** The name of an instance's virtual machine: of this home, for ever. */
  vmName(id: string): string;
  paths(id: string): InstancePaths;
  ids(): string[];
  /** Null where there is none, or only a half-made one. */
  read(id: string): InstanceFile | null;
  write(spec: InstanceSpec): void;
}

export interface InstancePaths {
  readonly root: string;
  readonly file: string;
  /** One file per run, named by its number; see `run-record.ts`. */
  readonly runs: string;
  /** Shared with the guest, read-only. */
  readonly guest: string;
}

/** @throws `invalid_config` for a directory that `tart run --dir` cannot name */
export function openTartHome(options: TartRuntimeOptions): TartHome {
  const { directory } = options;
  if (/[:,]/.test(directory)) {
    const detail = `The home of Tidepool must have no colon and no comma in its path: ${directory}.`;
    throw new TidepoolError('invalid_config', { detail, fix: 'Choose another TIDEPOOL_HOME.' });
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  const paths = (id: string): InstancePaths => {
    if (!/^[\w-]+$/.test(id)) throw new Error(`not an instance's id: ${id}`);
    const root = join(directory, id);
    return { root, file: join(root, 'instance.json'), runs: join(root, 'runs'), guest: join(root, 'guest') };
  };
  return {
    options,
    tart: createTart(options),
    fences: openFences(join(directory, '.fences')),
    limits: { ...usualLimits, ...options.limits },
    vmName: (id) => `tidepool-${hash}-${id}`,
    paths,
    ids: () => readdirSync(directory).filter((name) => /^[\w-]+$/.test(name)),
    read: (id) => readInstance(paths(id).file),
    write({ id, name, image }) {
      for (const path of [paths(id).runs, paths(id).guest]) mkdirSync(path, { recursive: true });
      replaceFile(paths(id).file, JSON.stringify({ id, name, image } satisfies InstanceFile));
    },
  };
}

function readInstance(file: string): InstanceFile | null {
  try {
    return instanceFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    // A file that a power cut left half-written is none: create writes it anew.
    const halfMade = hasCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError;
    if (halfMade) return null;
    throw error;
  }
}
