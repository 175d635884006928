/** The steps for what the adapter has in Incus: rules, bridge, project, profile. It knows how each should be. */
import type { Ipv4Range } from '@tidepool/core';
import { type IncusPart, incusParts, readHostNetworks } from '@tidepool/runtime';
import type { Setup, Step, StepState } from './setup.ts';
import { gatewayOf } from './subnet.ts';
import type { Survey } from './survey.ts';

const titles = { project: 'Project', profile: 'Profile' } as const;

/** What names each. */
const variables = {
  acl: 'TIDEPOOL_INCUS_NETWORK',
  network: 'TIDEPOOL_INCUS_NETWORK',
  project: 'TIDEPOOL_INCUS_PROJECT',
  profile: 'TIDEPOOL_INCUS_PROJECT',
} as const;

/** @param range of a bridge that is yet to be made */
export async function incusPart(
  setup: Setup,
  survey: Survey,
  id: IncusPart['id'],
  range: Ipv4Range | null,
): Promise<IncusPart> {
  const found = (await allParts(setup, survey, range)).find((part) => part.id === id);
  if (found === undefined) throw new Error(`the adapter has no part ${id}`);
  return found;
}

/** While no Incus answers only their titles are of use, and `ip` may be missing too. */
export async function allParts(
  { config, incus, directory, signal }: Setup,
  { objects }: Survey,
  range: Ipv4Range | null,
) {
  const networks = directory === null || objects === null ? null : await readHostNetworks(signal);
  const subnet = range === null ? null : gatewayOf(range);
  return incusParts(incus, { config: config.incus, subnet, networks });
}

/** A step that needs to know of no other. */
export function partStep(id: 'project' | 'profile'): Step {
  return {
    id: `incus.${id}`,
    title: titles[id],
    isInside: true,
    async look(setup, survey) {
      const part = await incusPart(setup, survey, id, null);
      return survey.objects === null ? missing(part) : partState(part, setup.signal);
    },
    async apply(setup, survey) {
      await (await incusPart(setup, survey, id, null)).ensure(setup.signal);
    },
  };
}

export async function partState(part: IncusPart, signal: AbortSignal): Promise<StepState> {
  const { kind, wrong } = await part.look(signal);
  switch (kind) {
    case 'right':
      return { kind: 'done', detail: sentence(part.title) };
    case 'missing':
      return missing(part);
    case 'wrong': {
      // A new project's profile is empty: its devices are what makes it ours.
      const will = part.id === 'profile' ? `set the disk and the network of ${part.title}` : `put right ${part.title}`;
      return { kind: 'todo', detail: `${sentence(wrong.join('; '))}.`, will: [will], mendsItself: true };
    }
    case 'foreign': {
      const detail = `Not of Tidepool, and left alone: ${part.title}.`;
      return { kind: 'blocked', detail, fix: `Choose another name with ${variables[part.id]}.` };
    }
  }
}

export function missing({ title }: IncusPart): StepState {
  return { kind: 'todo', detail: 'Missing.', will: [`make ${title}`] };
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
