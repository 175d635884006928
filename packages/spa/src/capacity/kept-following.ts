/** What is being followed, kept for this tab: a reload of the page goes on with it. */
import { createWorkspaceBody, problem } from '@tidepool/core';
import { z } from 'zod';
import { keep, readKeptJson } from '../storage/kept.ts';
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
  const end = store.subscribe(() => {
    const now = store.get();
    keep('session', keptKey, now && JSON.stringify(now));
  });
  store.set(store.get() ?? following.safeParse(readKeptJson('session', keptKey)).data ?? null);
  return end;
}
