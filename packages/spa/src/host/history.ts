/** The last hour of a host as a chart takes it: gaps where nobody measured, and what all of it says in words. */
import type { HostSample } from '@tidepool/core';
import { formatClock, plural } from '../workspaces/durations.ts';
import { formatMemory, gibOf } from '../workspaces/size.ts';
import { formatCores } from '../workspaces/usage.ts';

/** What was so at one moment; null where nobody knows. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly running: number | null;
  readonly allottedMiB: number | null;
  readonly memoryMiB: number | null;
  readonly cpus: number | null;
}

export interface KnownMoment extends Moment {
  readonly running: number;
  readonly allottedMiB: number;
}

const minuteMs = 60_000;
/** A sample comes once a minute: after three missing ones the worker was away. */
const gapMs = 3.5 * minuteMs;
export const hourMs = 60 * minuteMs;

/** @param present what is so now, in milliseconds of the server's clock; a sample is up to a minute old */
export function momentsOf(samples: readonly HostSample[], present: KnownMoment): readonly Moment[] {
  const known = samples
    .map(({ at, ...sample }): KnownMoment => ({ ...sample, at: Date.parse(at) }))
    .filter(({ at }) => at > present.at - hourMs && at < present.at);
  return [...known, present].flatMap((moment, index, all) => {
    const before = all[index - 1];
    return before && moment.at - before.at > gapMs ? [gapAfter(before), moment] : [moment];
  });
}

function gapAfter({ at }: Moment): Moment {
  return { at: at + minuteMs, running: null, allottedMiB: null, memoryMiB: null, cpus: null };
}

export function isKnown(moment: Moment): moment is KnownMoment {
  return moment.allottedMiB !== null && moment.running !== null;
}

/** `14:02:00: 18 GiB taken, 7.2 GiB used, 1.4 cores, 5 workspaces`. */
export function momentWords({ at, running, allottedMiB, memoryMiB, cpus }: KnownMoment): string {
  const parts = [
    `${formatMemory(allottedMiB)} taken`,
    memoryMiB === null ? 'use not measured' : `${formatMemory(memoryMiB)} used`,
    ...(cpus === null ? [] : [`${coresInUse(cpus)} in use`]),
    `${plural(running, 'workspace')} running`,
  ];
  return `${formatClock(at)}: ${parts.join(', ')}`;
}

/** What the chart of memory shows, for who does not see it. */
export function memorySummary(moments: readonly Moment[], budgetMiB: number): string {
  const known = moments.filter(isKnown);
  const taken = known.map(({ allottedMiB }) => allottedMiB);
  const used = known.flatMap(({ memoryMiB }) => (memoryMiB === null ? [] : [memoryMiB]));
  const now = known.at(-1);
  return [
    'Memory over the last hour.',
    `Taken by workspaces: ${rangeOf(taken)} of ${gibOf(budgetMiB)} GiB${now ? `, ${formatMemory(now.allottedMiB)} now` : ''}.`,
    used.length === 0 ? 'What they use was not measured.' : `Used: ${rangeOf(used)}.`,
  ].join(' ');
}

export function cpuSummary(moments: readonly Moment[], cores: number): string {
  const used = moments.flatMap(({ cpus }) => (cpus === null ? [] : [cpus]));
  if (used.length === 0) return 'CPU over the last hour: not measured.';
  return `CPU over the last hour: between ${formatCores(Math.min(...used))} and ${formatCores(Math.max(...used))} of ${plural(cores, 'core')} in use.`;
}

function rangeOf(mib: readonly number[]): string {
  const [least, most] = [formatMemory(Math.min(...mib)), formatMemory(Math.max(...mib))];
  return least === most ? least : `between ${least} and ${most}`;
}

function coresInUse(cpus: number): string {
  return `${formatCores(cpus)} ${cpus === 1 ? 'core' : 'cores'}`;
}
