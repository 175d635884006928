/**
 * What each runtime can: for the documentation, and for saying which one has what the present one lacks. What the runtime
 * of a host really can is in its `capabilities`; the tests of each adapter compare the two.
 */
import type { Capabilities, RuntimeKind } from './host.ts';

export type Ability = Exclude<keyof Capabilities, 'isolation'>;

/** In the order in which they are shown. */
export const abilityTitles = {
  limits: 'CPU and memory held to their size',
  diskLimit: 'disk held to its size',
  usage: 'live use of CPU and memory',
  rootInside: 'root inside',
  pause: 'pause and go on',
  snapshot: 'snapshots',
  clone: 'copies of a workspace',
  console: 'console output for errors',
} as const satisfies Record<Ability, string>;

export interface RuntimeRow {
  readonly kind: RuntimeKind;
  readonly isolation: Capabilities['isolation'];
  readonly title: string;
  /** What it needs of the host. */
  readonly needs: string;
  /** `some`: it depends on the host, and the note says on what. */
  readonly can: Readonly<Record<Ability, 'yes' | 'no' | 'some'>>;
  readonly notes: Readonly<Partial<Record<Ability, string>>>;
  /** Create to the editor's first page, as measured; null: not measured yet. */
  readonly createMs: { readonly ms: number; readonly how: string } | null;
}

export const runtimeMatrix: readonly RuntimeRow[] = [
  {
    kind: 'incus',
    isolation: 'virtual-machine',
    title: 'Incus, virtual machines',
    needs: 'Linux with KVM and the vhost_vsock device, QEMU, and an image for virtual machines',
    can: {
      limits: 'yes',
      diskLimit: 'yes',
      usage: 'yes',
      rootInside: 'yes',
      pause: 'yes',
      snapshot: 'yes',
      clone: 'yes',
      console: 'yes',
    },
    notes: {},
    createMs: null,
  },
  {
    kind: 'incus',
    isolation: 'system-container',
    title: 'Incus, system containers',
    needs: 'Linux, and root once for the set-up',
    can: {
      limits: 'yes',
      diskLimit: 'some',
      usage: 'yes',
      rootInside: 'yes',
      pause: 'yes',
      snapshot: 'yes',
      clone: 'yes',
      console: 'yes',
    },
    notes: { diskLimit: 'where the storage pool can: btrfs, ZFS and LVM can, a plain directory mostly not' },
    createMs: { ms: 840, how: 'the middle of 16 on two cores and btrfs' },
  },
  {
    kind: 'tart',
    isolation: 'virtual-machine',
    title: 'Tart',
    needs: 'macOS on Apple silicon',
    can: {
      limits: 'yes',
      diskLimit: 'yes',
      usage: 'no',
      rootInside: 'yes',
      pause: 'no',
      snapshot: 'no',
      clone: 'yes',
      console: 'no',
    },
    notes: {
      usage: 'a process of the system has them that Tart does not name',
      pause: 'Linux guests cannot be suspended',
      console: 'Tart writes a serial console to a terminal only',
    },
    createMs: null,
  },
  {
    kind: 'sandbox',
    isolation: 'namespaces',
    title: 'Sandbox',
    needs: 'Linux; neither root nor a hypervisor',
    can: {
      limits: 'some',
      diskLimit: 'no',
      usage: 'yes',
      rootInside: 'no',
      pause: 'no',
      snapshot: 'no',
      clone: 'no',
      console: 'yes',
    },
    notes: {
      limits: 'where cgroup v2 has the cpu and memory controllers and they are ours to use: as root, or delegated',
      usage: 'without the disk, which nobody counts',
    },
    createMs: { ms: 737, how: 'the quietest run on two cores shared with other work' },
  },
  {
    kind: 'fake',
    isolation: 'none',
    title: 'Fake, for tests',
    needs: 'nothing',
    can: {
      limits: 'no',
      diskLimit: 'no',
      usage: 'yes',
      rootInside: 'no',
      pause: 'yes',
      snapshot: 'yes',
      clone: 'yes',
      console: 'yes',
    },
    notes: {},
    createMs: null,
  },
];

export const abilities = Object.keys(abilityTitles).filter((key): key is Ability => key in abilityTitles);

/** Where an adapter says of itself something else than its row, or has none; empty where they agree. */
export function matrixDisagreements(kind: RuntimeKind, capabilities: Capabilities): string[] {
  const row = runtimeMatrix.find((each) => each.kind === kind && each.isolation === capabilities.isolation);
  if (row === undefined) return [`${kind} with ${capabilities.isolation} has no row`];
  return abilities
    .filter((ability) => row.can[ability] !== 'some' && (row.can[ability] === 'yes') !== capabilities[ability])
    .map((ability) => `${ability}: the matrix says ${row.can[ability]}, ${kind} says ${capabilities[ability]}`);
}

/** The runtimes, other than `kind`, that have it on every host they run on; the fake is none. */
export function runtimesWith(ability: Ability, kind: RuntimeKind): RuntimeKind[] {
  const having = runtimeMatrix.filter((row) => row.can[ability] === 'yes' && row.kind !== 'fake' && row.kind !== kind);
  return [...new Set(having.map((row) => row.kind))];
}
