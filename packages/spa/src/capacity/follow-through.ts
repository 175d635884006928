/**
 * «Stop X and start Y»: one click, followed through all its jobs. It stands beside the page's views, so it goes on when
 * the dialog is closed or another view is opened; and what it is at is kept, so it goes on after a reload of the page and
 * while Tidepool is away. Nothing is stopped that was not chosen, and nothing more once there is room.
 */
import { type Accepted, type Client, type Job, type Problem, whyNot } from '@tidepool/core';
import { problemOf } from '../api/problem-of.ts';
import { jobFailure } from '../api/problem-of-job.ts';
import { randomId } from '../api/random-id.ts';
import { awaitJob } from '../live/await-job.ts';
import type { Known } from '../live/known.ts';
import { verbs } from '../workspaces/verbs.ts';
import type { Following, FollowingStore, Stop, Wish } from './following.ts';
import { keepAsking } from './keep-asking.ts';

export interface FollowThrough {
  /** Takes the offer up: stops these, in this order, then starts what was wanted. Resolves when it has ended, one way or the other. */
  accept(chosen: readonly { readonly id: string; readonly name: string }[]): Promise<void>;
  /** An offer is declined; what is under way goes on unseen. */
  close(): void;
  show(): void;
  /** What was wanted is not started any more; a stop under way goes on. */
  giveUp(): void;
  /** Goes on where the page was reloaded. */
  resume(): Promise<void>;
}

export interface FollowThroughParts {
  readonly client: Client;
  readonly known: Known;
  readonly following: FollowingStore;
  /** Told when something fails that nobody looks at. */
  readonly onFailure: (problem: Problem) => void;
  /** What was wanted is accepted: it is on its way. @param isShown whether its reader still looks at it */
  readonly onAccepted: (accepted: Accepted, wish: Wish, isShown: boolean) => void;
  readonly onDone: (workspaceName: string) => void;
}

export function createFollowThrough(parts: FollowThroughParts): FollowThrough {
  const { client, known, following, onFailure, onAccepted, onDone } = parts;
  let ending = new AbortController();

  const change = (change: Partial<Following>): Following | null => {
    const now = following.get();
    if (now) following.set({ ...now, ...change });
    return following.get();
  };
  const changeStop = (id: string, change_: Partial<Stop>) =>
    change({ stops: (following.get()?.stops ?? []).map((stop) => (stop.id === id ? { ...stop, ...change_ } : stop)) });

  const finished = async (jobId: string, signal: AbortSignal): Promise<void> => {
    // After a reload nobody has told of it yet.
    if (!known.getState().jobs.has(jobId)) {
      known.putJob(await keepAsking(() => client('getJob', { params: { id: jobId }, signal }), signal));
    }
    const job = await awaitJob(known, jobId, signal);
    if (job.status !== 'succeeded') throw jobFailure(job);
  };
  const fits = async ({ memoryMiB, ...wish }: Wish, signal: AbortSignal): Promise<boolean> => {
    const { capacity, defaults } = await keepAsking(() => client('getHost', { signal }), signal);
    const own = wish.verb === 'create' ? undefined : known.getState().workspaces.get(wish.id)?.inForce?.memoryMiB;
    return capacity.freeMiB + (own ?? 0) >= (memoryMiB ?? defaults.memoryMiB);
  };

  const stopOne = async (stop: Stop, signal: AbortSignal): Promise<void> => {
    const jobId = stop.jobId ?? (await askToStop(stop, signal));
    if (jobId === null) return;
    changeStop(stop.id, { jobId });
    await finished(jobId, signal);
  };
  /** @returns null where somebody else has stopped it since */
  const askToStop = async ({ id, key }: Stop, signal: AbortSignal): Promise<string | null> => {
    const workspace = known.getState().workspaces.get(id);
    if (workspace?.status === 'stopping' && workspace.jobId !== null) return workspace.jobId;
    if (workspace && whyNot('stop', workspace)) return null;
    try {
      return take(
        await keepAsking(() => client('stopWorkspace', { params: { id }, idempotencyKey: key, signal }), signal),
      ).id;
    } catch (error) {
      if (goneCodes.has(problemOf(error).code)) return null;
      throw error;
    }
  };
  const take = ({ workspace, job }: Accepted): Job => {
    known.putJob(job);
    known.put(workspace);
    return job;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const begun = following.get();
    if (!begun) return;
    const { wish, key } = begun;
    for (const stop of begun.stops) {
      // Somebody else may have made room since. One whose stop is under way is waited for all the same.
      if (stop.isOver || (stop.jobId === null && (await fits(wish, signal)))) continue;
      await stopOne(stop, signal);
      changeStop(stop.id, { isOver: true });
    }
    change({ stage: 'starting' });
    const jobId = following.get()?.jobId ?? (await start(wish, key, signal));
    if (jobId === null) return;
    await finished(jobId, signal);
    following.set(null);
    onDone(wish.name);
  };
  /** @returns null where a view has taken over following it */
  const start = async (wish: Wish, key: string, signal: AbortSignal): Promise<string | null> => {
    const accepted = await keepAsking(() => askFor(client, wish, key, signal), signal);
    const job = take(accepted);
    const isShown = following.get()?.isShown ?? false;
    onAccepted(accepted, wish, isShown);
    if (wish.verb === 'create' && isShown) {
      following.set(null);
      return null;
    }
    change({ jobId: job.id });
    return job.id;
  };

  const fail = (error: unknown) => {
    const now = following.get();
    if (!now) return;
    const problem = problemOf(error);
    const isRoom = problem.code === 'capacity_exhausted';
    if (!now.isShown) onFailure(problem);
    if (now.stage === 'stopping' || isRoom) {
      change({ stage: 'offered', trouble: isRoom ? null : problem });
      return;
    }
    if (now.isShown) change({ stage: 'failed', trouble: problem });
    else following.set(null);
  };
  const go = async () => {
    ending = new AbortController();
    const { signal } = ending;
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  };
  return {
    accept: async (chosen) => {
      const now = following.get();
      if (now?.stage !== 'offered' && now?.stage !== 'failed') return;
      const stops = chosen.map(({ id, name }) => ({ id, name, key: randomId(), jobId: null, isOver: false }));
      // The answer to a start that was accepted and failed would be given again.
      const key = now.jobId === null ? now.key : randomId();
      change({ stage: stops.length === 0 ? 'starting' : 'stopping', stops, key, jobId: null, trouble: null });
      await go();
    },
    close: () => {
      const stage = following.get()?.stage;
      if (stage === 'stopping' || stage === 'starting') change({ isShown: false });
      else following.set(null);
    },
    show: () => void change({ isShown: true }),
    giveUp: () => {
      following.set(null);
      ending.abort();
    },
    resume: async () => {
      const stage = following.get()?.stage;
      if (stage === 'stopping' || stage === 'starting') await go();
    },
  };
}

/** It does not run any more, which is all that was wanted of it. */
const goneCodes: ReadonlySet<string> = new Set(['wrong_status', 'workspace_not_found']);

function askFor(client: Client, wish: Wish, idempotencyKey: string, signal: AbortSignal): Promise<Accepted> {
  if (wish.verb === 'create') return client('createWorkspace', { body: wish.body, idempotencyKey, signal });
  return client(verbs[wish.verb].endpoint, { params: { id: wish.id }, idempotencyKey, signal });
}
