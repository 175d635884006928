/** What is being followed, kept for this tab: a reload of the page goes on with it. */
import { createWorkspaceBody, problem } from '@tidepool/core';
import { z } from 'zod';
import { type FollowingStore, keptKey } from './following.ts';

const following = z.object({
  wish: z.discriminatedUnion('verb', [
    z.object({
      verb: z.literal('create'),
      name: z.string(),
      memoryMiB: z.number().nullable(),
      body: createWorkspaceBody,
    }),
    z.object({ verb: z.enum(['start', 'restart', 'retry']), name: z.string(), memoryMiB: z.number(), id: z.string() }),
  ]),
  key: z.string(),
  jobId: z.string().nullable(),
  stage: z.enum(['offered', 'stopping', 'starting', 'failed']),
  suggested: z.object({ id: z.string(), name: z.string(), lastAccessedAt: z.string().nullable() }).nullable(),
  stops: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      key: z.string(),
      jobId: z.string().nullable(),
      isOver: z.boolean(),
    }),
  ),
  trouble: problem.nullable(),
  isShown: z.boolean(),
});

/** Takes up what was kept, and keeps what comes. @returns how to end it */
export function keepFollowing(store: FollowingStore): () => void {
  const end = store.subscribe(() => write(store.get()));
  store.set(store.get() ?? read());
  return end;
}

function read(): z.infer<typeof following> | null {
  try {
    return following.safeParse(JSON.parse(sessionStorage.getItem(keptKey) ?? 'null')).data ?? null;
  } catch {
    // Not readable, or storage is refused: then there is nothing to go on with.
    return null;
  }
}

function write(value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(keptKey);
    else sessionStorage.setItem(keptKey, JSON.stringify(value));
  } catch {
    // Storage is refused or full: then it lives as long as the page does.
  }
}
