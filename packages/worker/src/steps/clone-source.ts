/** The project folder holds the repository that the workspace was to begin with. Where it cannot, the workspace is usable without. */
import { TidepoolError } from '@tidepool/core';
import { createProgress } from '../git/clone-progress.ts';
import { cloneRepository, removeHalves } from '../git/clone-repository.ts';
import { runInside } from '../run-inside.ts';
import { withDeadline } from '../run-step.ts';
import type { Step, StepContext } from './step.ts';

/** Milliseconds for a clone with all its history. What takes longer is better cloned in a terminal, where one sees it. */
const cloneMs = 10 * 60_000;
/** And to clear up behind it. */
const clearMs = 60_000;
/** The same before a stop. */
const clearBeforeStopMs = 5000;

export const cloneSource: Step = cloneSourceWithin(cloneMs);

/** The same with another patience: for tests. */
export function cloneSourceWithin(ms: number): Step {
  return {
    name: 'cloneSource',
    deadlineMs: ms + clearMs,
    async run(context) {
      const { store, job, workspace, fence } = context;
      const { source } = workspace;
      // Once: an attempt after a crash finds it written down.
      if (source === null || source.status === 'cloned') return;
      try {
        await withDeadline('Cloning', ms, context.signal, (signal) => clone({ ...context, signal }));
      } catch (error) {
        // Who was interrupted leaves its draft to the next attempt, to the stop that ended it, or to the removal of the disk.
        context.signal.throwIfAborted();
        await removeHalves(insideOf(context));
        throw error;
      }
      store.sourceCloned(job.id, fence);
    },
    // No undo: what was cloned is the user's from then on.

    goesOnWithout({ store, job, fence, found }, error) {
      const failure = failureOf(error, ms);
      if (failure === null) return false;
      store.sourceFailed(job.id, fence, failure);
      found.sourceFailure = failure;
      return true;
    },
  };
}

/**
 * Takes away what a stop that ended the clone left of it, while the machine still runs. As far as it goes: the stop waits
 * for no machine that does not answer, and the next attempt clears up too.
 */
export async function clearHalfClone(context: StepContext): Promise<void> {
  if (context.workspace.source?.error?.code !== 'source_stopped') return;
  try {
    const clear = (signal: AbortSignal) => removeHalves(insideOf({ ...context, signal }));
    await withDeadline('Clearing up', clearBeforeStopMs, context.signal, clear);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ err: error }, 'half a clone was left');
  }
}

async function clone(context: StepContext): Promise<void> {
  const { workspace, fence, log } = context;
  if (workspace.source === null) return;
  const progress = createProgress((said) => log.info({ said }, 'git'));
  await cloneRepository(insideOf(context), workspace.source, fence, progress);
}

function insideOf(context: StepContext): Parameters<typeof cloneRepository>[0] {
  const { runtime, workspace, signal } = context;
  return (command, said) => {
    context.check();
    return runInside(runtime, workspace.id, command, signal, said);
  };
}

/** What the repository, the network or the folder is to blame for; the machine's own failures are the job's. */
function failureOf(error: unknown, ms: number) {
  if (!(error instanceof TidepoolError)) return null;
  const { code, message } = error;
  if (code === 'deadline_exceeded') {
    const minutes = Math.round(ms / 60_000);
    return { code: 'source_timeout' as const, message: `The repository was not cloned within ${minutes} minutes.` };
  }
  return code.startsWith('source_') ? { code, message } : null;
}
