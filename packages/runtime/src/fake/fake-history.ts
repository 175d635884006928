/**
 * The fake's memory: one file per change of an instance, `instances/<id>.<version>.json`, never rewritten or removed.
 * A new version is linked into place, which fails where another process was first; so changes are compare-and-set across
 * processes without a lock, a killed worker leaves nothing half-written, and the history is the journal of side effects.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `fence` notes a higher fence and does nothing else; `ended` is an instance that stopped by itself. */
const fakeEffects = [
  'create',
  'clone',
  'resize',
  'start',
  'pause',
  'resume',
  'snapshot',
  'stop',
  'remove',
  'expose',
  'ended',
  'fence',
] as const;

export type FakeEffect = (typeof fakeEffects)[number];

const fakeVersion = z.strictObject({
  effect: z.enum(fakeEffects),
  id: z.string(),
  fence: z.int(),
  state: z.enum(['running', 'paused', 'stopped', 'removed']),
  startedBy: z.string().nullable(),
  ports: z.array(z.int()),
  cpus: z.int(),
  memoryMiB: z.int(),
  /** The process that did it. */
  pid: z.int(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type FakeVersion = z.infer<typeof fakeVersion>;

/** What a change makes of an instance; null leaves it as it is. */
export type FakeChange = Omit<FakeVersion, 'id' | 'pid' | 'at'> | null;

export interface FakeHistory {
  current(id: string): FakeVersion | null;
  /** Applies `decide` to the newest version until nobody else was faster. `decide` may throw. */
  change(id: string, decide: (current: FakeVersion | null) => FakeChange): void;
  /** The newest version of every instance, removed ones included. */
  all(): readonly FakeVersion[];
}

export function openFakeHistory(directory: string): FakeHistory {
  const instances = join(directory, 'instances');
  mkdirSync(instances, { recursive: true });
  const newest = (id: string) => versionNumbers(instances, id).at(-1) ?? 0;
  const read = (id: string, number: number) =>
    fakeVersion.parse(JSON.parse(readFileSync(join(instances, `${id}.${number}.json`), 'utf8')));

  return {
    current(id) {
      const number = newest(id);
      return number === 0 ? null : read(id, number);
    },
    change(id, decide) {
      for (;;) {
        const number = newest(id);
        const next = decide(number === 0 ? null : read(id, number));
        if (next === null) return;
        if (append(instances, number + 1, { ...next, id, pid: process.pid, at: Date.now() })) return;
      }
    },
    all() {
      const ids = new Set(readdirSync(instances).flatMap((name) => (name.startsWith('.') ? [] : [name.split('.')[0]])));
      return [...ids].flatMap((id) => (id === undefined ? [] : [read(id, newest(id))]));
    },
  };
}

/** Every side effect there ever was, oldest first: what tests look at to see that each happened once. */
export function readFakeJournal(directory: string): readonly FakeVersion[] {
  const instances = join(directory, 'instances');
  return readdirSync(instances)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, number: Number(name.split('.')[1]) }))
    .map(({ name, number }) => ({
      number,
      version: fakeVersion.parse(JSON.parse(readFileSync(join(instances, name), 'utf8'))),
    }))
    .sort((a, b) => a.version.at - b.version.at || a.number - b.number)
    .map(({ version }) => version)
    .filter((version) => version.effect !== 'fence');
}

function versionNumbers(instances: string, id: string): number[] {
  return readdirSync(instances)
    .filter((name) => name.startsWith(`${id}.`))
    .map((name) => Number(name.slice(id.length + 1, -'.json'.length)))
    .sort((a, b) => a - b);
}

/** @returns false where that number is taken */
function append(instances: string, number: number, version: FakeVersion): boolean {
  const draft = join(instances, `.${version.id}.${process.pid}.${crypto.randomUUID()}`);
  writeFileSync(draft, JSON.stringify(version));
  try {
    linkSync(draft, join(instances, `${version.id}.${number}.json`));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}
