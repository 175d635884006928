/** Who could be stopped for something that does not fit, what that gives back, and who is proposed. */
import type { Workspace } from '@tidepool/core';
import { plural } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { formatCores, usageNow } from '../workspaces/usage.ts';
import type { Wish } from './following.ts';

export interface Candidate {
  readonly workspace: Workspace;
  readonly givesMiB: number;
}

/** Somebody was there within this time, in milliseconds: it is in use. The worker notes a use once a minute at most. */
const inUseMs = 120_000;
/** Cores: what is below is an editor that waits. */
const busyCpus = 0.3;

/** @param running least recently used first, as they are offered */
export function candidatesFor(wish: Wish, running: readonly Workspace[]): readonly Candidate[] {
  return running
    .filter(({ id }) => wish.verb === 'create' || wish.id !== id)
    .map((workspace) => ({ workspace, givesMiB: workspace.inForce?.memoryMiB ?? workspace.memoryMiB }));
}

/**
 * As few as possible, and of those the ones least recently used: the first if it gives enough, else the first that does,
 * else several.
 * @returns their ids; all where all together are not enough
 */
export function propose(candidates: readonly Candidate[], missingMiB: number): readonly string[] {
  const single = candidates.find(({ givesMiB }) => givesMiB >= missingMiB);
  if (single) return [single.workspace.id];
  let chosen: readonly Candidate[] = [];
  for (const candidate of candidates) {
    if (givenBy(chosen) < missingMiB) chosen = [...chosen, candidate];
  }
  for (const candidate of chosen) {
    const others = chosen.filter((each) => each !== candidate);
    if (givenBy(others) >= missingMiB) chosen = others;
  }
  return chosen.map(({ workspace }) => workspace.id);
}

export function givenBy(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { givesMiB }) => sum + givesMiB, 0);
}

/** `just enough`, `leaves 2 GiB free`, `1 GiB too little`. */
export function verdict(givesMiB: number, missingMiB: number): string {
  if (givesMiB < missingMiB) return `${formatMemory(missingMiB - givesMiB)} too little`;
  return givesMiB === missingMiB ? 'just enough' : `leaves ${formatMemory(givesMiB - missingMiB)} free`;
}

export function isInUse({ lastAccessedAt }: Workspace, now: number): boolean {
  return lastAccessedAt !== null && now - Date.parse(lastAccessedAt) < inUseMs;
}

/** What would end with it: `port 3000 answers, 1.2 CPU at work`; empty where nothing is known to. */
export function whatRuns(workspace: Workspace, now: number): string {
  const answering = workspace.ports.filter(({ listening }) => listening === true).map(({ port }) => port);
  const cpus = usageNow(workspace, now)?.cpus ?? 0;
  return [
    answering.length === 1 ? `port ${answering[0]} answers` : '',
    answering.length > 1 ? `${plural(answering.length, 'port')} answer` : '',
    cpus >= busyCpus ? `${formatCores(cpus)} CPU at work` : '',
  ]
    .filter((words) => words !== '')
    .join(', ');
}
