/** A start that does not fit, as an offer: whom to stop for it. */
import { type Accepted, type Problem, timestamp, type Verb } from '@tidepool/core';
import { z } from 'zod';

const stop = z.object({ id: z.string(), name: z.string(), lastAccessedAt: timestamp.nullable() });

export interface Offer {
  readonly problem: Problem;
  /** The running workspace least recently used; null where none runs that could be stopped. */
  readonly stop: z.infer<typeof stop> | null;
  /** What was asked for and does not fit. */
  readonly wanted: { readonly name: string; readonly verb: Verb | 'create'; readonly memoryMiB: number | undefined };
  /** Asks for it again. */
  readonly ask: () => Promise<Accepted>;
  readonly onAccepted?: (accepted: Accepted) => void;
}

/** @returns null where the problem is another one */
export function offerOf(problem: Problem, request: Pick<Offer, 'wanted' | 'ask' | 'onAccepted'>): Offer | null {
  if (problem.code !== 'capacity_exhausted') return null;
  return { ...request, problem, stop: stop.safeParse(problem.stop).data ?? null };
}
