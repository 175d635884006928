/** Follows a log over as many connections as it takes: each that ends is followed by the next, later and later. */
import type { LogLine } from '@tidepool/core';
import type { LogRequest } from './log-stream.ts';

export interface FollowParts {
  /** One connection: resolves when it ends, throws when it fails. */
  readonly read: (request: Pick<LogRequest, 'signal' | 'onOpen' | 'onLines'>) => Promise<void>;
  readonly signal: AbortSignal;
  /** The end of the log, as a new connection begins with. */
  readonly onBegin: (lines: readonly LogLine[]) => void;
  readonly onLines: (lines: readonly LogLine[]) => void;
  /** It is not followed now; why, where that is known. */
  readonly onCut: (reason: string | null) => void;
}

/** The server sends the end of a log at once, and it may come in pieces. */
const beginMs = 200;
const delaysMs = [500, 1_000, 2_000, 5_000, 15_000];

/** Ends with the signal alone. */
export async function followLog({ read, signal, onBegin, onLines, onCut }: FollowParts): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const beginning = gather(onBegin, signal);
    let reason: string | null = null;
    try {
      await read({
        signal,
        onOpen: () => {
          failures = 0;
          beginning.start();
        },
        onLines: (lines) => {
          if (!beginning.add(lines)) onLines(lines);
        },
      });
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    beginning.end();
    if (signal.aborted) return;
    onCut(reason);
    await pause(delaysMs[failures] ?? 15_000, signal);
  }
}

/** Gathers what comes at first, and gives it away as one: an empty log has a beginning too. */
function gather(give: (lines: readonly LogLine[]) => void, signal: AbortSignal) {
  const gathered: LogLine[] = [];
  let state: 'before' | 'gathering' | 'over' = 'before';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    if (state === 'gathering' && !signal.aborted) give(gathered);
    state = 'over';
  };
  return {
    end,
    start: () => {
      state = 'gathering';
      timer = setTimeout(end, beginMs);
    },
    /** @returns whether they belong to the beginning */
    add: (lines: readonly LogLine[]) => {
      if (state === 'gathering') gathered.push(...lines);
      return state === 'gathering';
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
