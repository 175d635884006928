/**
 * A start that does not fit, as an offer, and what has become of it. What is here belongs to the first load; the dialog and
 * what follows the offer through are in `capacity-dialog.tsx` and `follow-through.ts`.
 */
import type { CreateWorkspaceBody, Problem, Verb } from '@tidepool/core';
import type { Store } from '../live/store.ts';

/** What was asked for and does not fit. `memoryMiB`: null where the server's default was left to it. */
export type Wish =
  | {
      readonly verb: 'create';
      readonly name: string;
      readonly memoryMiB: number | null;
      readonly body: CreateWorkspaceBody;
    }
  | {
      readonly verb: Exclude<Verb, 'stop' | 'delete'>;
      readonly name: string;
      readonly memoryMiB: number;
      readonly id: string;
    };

/** One that is stopped for it. The key makes a repeated request the same one. */
export interface Stop {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly jobId: string | null;
  readonly isOver: boolean;
}

export interface Following {
  readonly wish: Wish;
  /** Of the start that is asked for again. */
  readonly key: string;
  readonly jobId: string | null;
  /** `failed`: memory is not what it lacks; see `trouble`. */
  readonly stage: 'offered' | 'stopping' | 'starting' | 'failed';
  /** Those chosen, in the order in which they are stopped. */
  readonly stops: readonly Stop[];
  /** What went wrong since it was last offered. */
  readonly trouble: Problem | null;
  /** false: its reader closed it, and it goes on. */
  readonly isShown: boolean;
}

export type FollowingStore = Store<Following | null>;

/** Where `kept-following.ts` keeps it. */
export const keptKey = 'tidepool.following';

/** @returns whether the problem became an offer: it is about memory, and no other offer is being followed now */
export function offerInstead(store: FollowingStore, problem: Problem, wish: Wish, key: string): boolean {
  const stage = store.get()?.stage;
  if (problem.code !== 'capacity_exhausted' || stage === 'stopping' || stage === 'starting') return false;
  store.set({
    wish,
    key,
    jobId: null,
    stage: 'offered',
    stops: [],
    trouble: null,
    isShown: true,
  });
  return true;
}
