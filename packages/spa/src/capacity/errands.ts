/** What an accepted offer is made of, in the order in which it is done. */
import type { Following } from './following.ts';

export interface Errand {
  readonly key: string;
  readonly state: 'wait' | 'now' | 'done';
  readonly doing: string;
  readonly done: string;
  readonly name: string;
  readonly jobId: string | null;
}

export function errandsOf({ stops, stage, wish, jobId }: Following): readonly Errand[] {
  // One that was not needed any more was not asked for.
  const shown = stage === 'starting' ? stops.filter(({ isOver }) => isOver) : stops;
  const at = shown.findIndex(({ isOver }) => !isOver);
  const stopErrands = shown.map(({ id, name, isOver, jobId: stopJobId }, index): Errand => {
    const state = isOver ? 'done' : index === at ? 'now' : 'wait';
    return { key: id, state, doing: state === 'wait' ? 'Stop' : 'Stopping', done: 'Stopped', name, jobId: stopJobId };
  });
  const isStarting = stage === 'starting';
  const { wait, now } = wishWords[wish.verb];
  return [
    ...stopErrands,
    {
      key: 'wish',
      state: isStarting ? 'now' : 'wait',
      doing: isStarting ? now : wait,
      done: '',
      name: wish.name,
      jobId,
    },
  ];
}

/** `Stopping notes`: what is under way, for a title. */
export function headline(following: Following): { readonly doing: string; readonly name: string } {
  const errands = errandsOf(following);
  const errand = errands.find(({ state }) => state === 'now') ?? errands.at(-1);
  return { doing: errand?.doing ?? '', name: errand?.name ?? following.wish.name };
}

const wishWords = {
  create: { wait: 'Create', now: 'Creating' },
  start: { wait: 'Start', now: 'Starting' },
  restart: { wait: 'Restart', now: 'Restarting' },
  retry: { wait: 'Retry', now: 'Retrying' },
} as const;
