/**
 * «Stop X and start Y»: one click, followed through both jobs. It lives beside the page's views, so it goes on when the
 * dialog is closed or another view is opened.
 */
import { type Client, type Job, type Problem, type Workspace, whyNot } from '@tidepool/core';
import { problemOf } from '../api/problem-of.ts';
import { jobFailure } from '../api/problem-of-job.ts';
import { randomId } from '../api/random-id.ts';
import { awaitJob } from '../live/await-job.ts';
import type { Known } from '../live/known.ts';
import { createStore, type Store } from '../live/store.ts';
import { type Offer, offerOf } from './offer.ts';

export type Following =
  | { readonly stage: 'offered'; readonly offer: Offer; readonly problem: Problem | null }
  | { readonly stage: 'stopping' | 'starting'; readonly offer: Offer; readonly jobId: string | null };

export interface FollowThrough {
  /** null while nothing is offered. */
  readonly state: Store<Following | null>;
  offer(offer: Offer): void;
  dismiss(): void;
  /** Takes the offer up. Resolves when it has ended, one way or the other. */
  accept(): Promise<void>;
}

export interface FollowThroughParts {
  readonly client: Client;
  readonly known: Known;
  /** Told when something fails after the dialog was closed. */
  readonly onFailure: (problem: Problem) => void;
  readonly onDone: (workspaceName: string) => void;
}

export function createFollowThrough({ client, known, onFailure, onDone }: FollowThroughParts): FollowThrough {
  const state = createStore<Following | null>(null);
  const signal = new AbortController().signal;

  const show = (following: Following) => {
    // Closed by its reader: it goes on unseen.
    if (state.get()) state.set(following);
  };
  const fail = (offer: Offer, error: unknown) => {
    const problem = problemOf(error);
    const next = offerOf(problem, offer);
    if (state.get()) state.set({ stage: 'offered', offer: next ?? offer, problem: next ? null : problem });
    else onFailure(problem);
  };
  const finished = async (jobId: string): Promise<Job> => {
    const job = await awaitJob(known, jobId, signal);
    if (job.status !== 'succeeded') throw jobFailure(job);
    return job;
  };

  const stopFirst = async (offer: Offer, workspace: Workspace | undefined) => {
    // Somebody else may have stopped it since.
    if (!offer.stop || (workspace && whyNot('stop', workspace))) return;
    const stopping = await client('stopWorkspace', { params: { id: offer.stop.id }, idempotencyKey: randomId() });
    known.putJob(stopping.job);
    known.put(stopping.workspace);
    show({ stage: 'stopping', offer, jobId: stopping.job.id });
    await finished(stopping.job.id);
  };
  const thenStart = async (offer: Offer) => {
    show({ stage: 'starting', offer, jobId: null });
    const starting = await offer.ask();
    known.putJob(starting.job);
    known.put(starting.workspace);
    if (offer.onAccepted && state.get()) {
      state.set(null);
      offer.onAccepted(starting);
      return;
    }
    show({ stage: 'starting', offer, jobId: starting.job.id });
    await finished(starting.job.id);
    state.set(null);
    onDone(starting.workspace.name);
  };

  return {
    state,
    offer: (offer) => state.set({ stage: 'offered', offer, problem: null }),
    dismiss: () => state.set(null),
    accept: async () => {
      const following = state.get();
      if (following?.stage !== 'offered') return;
      const { offer } = following;
      try {
        show({ stage: 'stopping', offer, jobId: null });
        await stopFirst(offer, known.getState().workspaces.get(offer.stop?.id ?? ''));
        await thenStart(offer);
      } catch (error) {
        fail(offer, error);
      }
    },
  };
}
