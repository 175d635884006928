/** The runtime as the worker knows it: one that hangs says nothing, so it is asked, and what is wrong stands among the host's findings. */
import { type Finding, type HostRecord, TidepoolError } from '@tidepool/core';
import type { Parts } from './parts.ts';

/** Milliseconds for an answer. A busy host may take some of them; a closer look may put a bridge right on its way. */
const patience = { list: 10_000, closerLook: 30_000 } as const;

const titles = {
  incus: 'Incus',
  tart: 'Tart',
  sandbox: 'The sandbox runtime',
  fake: 'The fake runtime',
} as const satisfies Record<HostRecord['runtime']['kind'], string>;

export interface RuntimeCare {
  /** Asks now. @returns whether it came back, or stopped to answer */
  look(signal: AbortSignal): Promise<boolean>;
  /** What is wrong; null while it answers, and before the first look. */
  known(): Finding | null;
  /** Runs what asks the runtime; gives null where it does not answer. @throws what else `ask` throws */
  attempt<T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | null>;
}

/** `limits`: in milliseconds; others in tests. */
export function createRuntimeCare(
  { runtime, store }: Pick<Parts, 'runtime' | 'store'>,
  limits: { readonly list: number; readonly closerLook: number } = patience,
): RuntimeCare {
  let failure: Finding | null = null;
  const within = async <T>(ms: number, ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => {
    const late = AbortSignal.timeout(ms);
    try {
      const answer = await ask(AbortSignal.any([signal, late]));
      failure = null;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!late.aborted && !(error instanceof TidepoolError)) throw error;
      failure = away(store.host()?.runtime.kind, error instanceof TidepoolError && !late.aborted ? error : null);
      return null;
    }
  };
  return {
    attempt: (ask, signal) => within(limits.closerLook, ask, signal),
    async look(signal) {
      const before = failure;
      await within(limits.list, (limited) => runtime.list(limited), signal);
      return (failure === null) !== (before === null);
    },
    known: () => failure,
  };
}

/** `refusal`: what it said; null where it said nothing in time. */
function away(kind: HostRecord['runtime']['kind'] | undefined, refusal: TidepoolError | null): Finding {
  const title = kind === undefined ? 'The runtime' : titles[kind];
  const why = refusal === null || refusal.message === '' ? '' : ` ${refusal.message}`;
  return {
    id: 'runtime',
    title,
    status: 'failed',
    detail: `${title} does not answer. Running workspaces go on; changes wait for it, or fail.${why}`,
    fix: refusal?.fix ?? 'Look at its log, and start it anew if it stays so.',
    commands: [],
  };
}
