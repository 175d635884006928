/** Waits for the end of a job that a command asked for, and says meanwhile how far it is. Interrupted, the job goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Job } from '@tidepool/core';
import type { Terminal } from './environment.ts';

/** Milliseconds between two looks. */
const lookMs = 250;

/** @param doing such as `Creating web-app` */
export async function followJob(
  api: Client,
  accepted: Job,
  { doing, terminal }: { readonly doing: string; readonly terminal: Terminal },
): Promise<Job> {
  for (;;) {
    const job = await api('getJob', { params: { id: accepted.id } });
    if (job.finishedAt !== null) {
      terminal.progress(null);
      return job;
    }
    const done = job.steps.filter(({ status }) => status !== 'running').length;
    terminal.progress(`${doing}: ${done} of ${job.plan.length} steps done`);
    await sleep(lookMs);
  }
}

/** Why a job did not succeed. @returns the command's exit code */
export function complain({ error, workspaceName }: Job, terminal: Terminal): number {
  const why = `It was cancelled: somebody stopped, restarted or deleted ${workspaceName} meanwhile.`;
  terminal.complain(error === null ? why : `${error.message}\n${error.fix}`);
  return 1;
}
