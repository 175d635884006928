/** Whoever left a start for another page is told how it ended, once they look: the tab's icon says it until then. */
import type { Job } from '@tidepool/core';
import { jobFailure } from '../api/problem-of-job.ts';
import { awaitJob } from '../live/await-job.ts';
import { basename, paths } from '../routing/paths.ts';
import type { Services } from '../services/services.ts';
import { iconOf, outcomeOf, titleOf } from './outcome.ts';
import { showTabIcon } from './tab-icon.ts';

export async function tellWhenOver({ known, toasts }: Services, { id, workspaceName: name }: Job): Promise<void> {
  const job = await awaitJob(known, id, new AbortController().signal);
  const workspace = known.getState().workspaces.get(job.workspaceId);
  // Back at it, they have seen it.
  if (!workspace || location.pathname === `${basename.slice(0, -1)}${paths.watch(name)}`) return;
  const outcome = outcomeOf(job, workspace);
  const icon = iconOf(outcome);
  if (document.visibilityState === 'hidden' && icon) await visibleAgain(showTabIcon(icon));
  if (outcome === 'failed') toasts.problem(jobFailure(job).problem);
  else toasts.say(titleOf(outcome, job.kind, name));
}

function visibleAgain(then: () => void): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === 'hidden') return;
      document.removeEventListener('visibilitychange', look);
      then();
      resolve();
    };
    document.addEventListener('visibilitychange', look);
  });
}
