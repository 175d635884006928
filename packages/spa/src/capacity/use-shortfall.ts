/** How much is wanted, and how much of that is missing now. Others stop and start meanwhile: it follows them. */
import { useHost, useKnown } from '../live/hooks.ts';
import type { Wish } from './following.ts';

export interface Shortfall {
  readonly neededMiB: number;
  /** What is free for it: what it holds itself counts. */
  readonly freeMiB: number;
  readonly budgetMiB: number;
  /** 0 where it fits. */
  readonly missingMiB: number;
}

/** @returns undefined until the host is known */
export function useShortfall(wish: Wish): Shortfall | undefined {
  const { host } = useHost();
  const ownMiB = useKnown(({ workspaces }) =>
    wish.verb === 'create' ? 0 : (workspaces.get(wish.id)?.inForce?.memoryMiB ?? 0),
  );
  if (!host) return undefined;
  const { budgetMiB, freeMiB: left } = host.capacity;
  const neededMiB = wish.memoryMiB ?? host.defaults.memoryMiB;
  const freeMiB = left + ownMiB;
  return { neededMiB, freeMiB, budgetMiB, missingMiB: Math.max(0, neededMiB - freeMiB) };
}
