/** The fake's disks: a folder of each instance, its snapshots beside it, and what it printed. */
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TidepoolError } from '@tidepool/core';

export interface FakeDisks {
  /** Where commands run. */
  folder(id: string): string;
  /** Their user's home, around it. */
  home(id: string): string;
  /** Makes it, where there is none. */
  make(id: string): void;
  hasSnapshot(id: string, name: string): boolean;
  snapshot(id: string, name: string): void;
  /** @throws `instance_not_found` where there is no such disk or snapshot */
  require(source: { readonly id: string; readonly snapshot: string | null }): void;
  copy(source: { readonly id: string; readonly snapshot: string | null }, id: string): void;
  /** Adds a line to what the instance printed. */
  print(id: string, line: string): void;
  printed(id: string): string;
  remove(id: string): void;
}

export function openFakeDisks(directory: string): FakeDisks {
  const own = (id: string) => join(directory, 'disks', id);
  const folder = (id: string) => join(own(id), 'project');
  const kept = (id: string, name: string) => join(own(id), 'snapshots', name);
  const log = (id: string) => join(own(id), 'console.log');
  const place = ({ id, snapshot }: { id: string; snapshot: string | null }) =>
    snapshot === null ? folder(id) : kept(id, snapshot);

  return {
    folder,
    home: own,
    make: (id) => void mkdirSync(folder(id), { recursive: true }),
    hasSnapshot: (id, name) => existsSync(kept(id, name)),
    snapshot: (id, name) => copyTree(folder(id), kept(id, name)),
    require(source) {
      if (!existsSync(place(source))) throw new TidepoolError('instance_not_found');
    },
    copy: (source, id) => copyTree(place(source), folder(id)),
    print(id, line) {
      mkdirSync(own(id), { recursive: true });
      appendFileSync(log(id), `${line}\n`);
    },
    printed: (id) => (existsSync(log(id)) ? readFileSync(log(id), 'utf8') : ''),
    remove: (id) => rmSync(own(id), { recursive: true, force: true }),
  };
}

/** Whole or not at all; one that is there stays as it is. */
function copyTree(from: string, to: string): void {
  if (existsSync(to)) return;
  const draft = `${to}.${crypto.randomUUID()}`;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, draft, { recursive: true });
  renameSync(draft, to);
}
