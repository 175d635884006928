/** What a watched job is at, and how that is called: in the heading, in the tab, in a message. */
import type { Job, Workspace } from '@tidepool/core';
import { lacksSource } from '../workspaces/source.ts';
import { jobVerbs, jobWords } from '../workspaces/step-words.ts';

export type Outcome = 'working' | 'ready' | 'uncloned' | 'failed' | 'cancelled' | 'done';

/** `uncloned`: it runs and can be used, without the repository that it was to begin with. `done`: it ended otherwise than running. */
export function outcomeOf(
  job: Pick<Job, 'kind' | 'status'>,
  workspace: Pick<Workspace, 'status' | 'source' | 'jobId'>,
): Outcome {
  if (job.status === 'cancelled') return 'cancelled';
  if (job.status !== 'failed' && job.status !== 'succeeded') return 'working';
  const isRunning = workspace.status === 'running';
  const isUncloned = isRunning && lacksSource(workspace);
  if (isUncloned && (job.status === 'succeeded' || job.kind === 'source')) return 'uncloned';
  if (job.status === 'failed') return 'failed';
  return isRunning ? 'ready' : 'done';
}

/** `Creating`, `Ready:`, before the name. */
export function headingOf(outcome: Outcome, kind: Job['kind']): string {
  if (outcome === 'working') return jobWords[kind];
  return {
    ready: 'Ready:',
    uncloned: 'Ready, but not cloned:',
    failed: 'Failed:',
    cancelled: 'Cancelled:',
    done: 'Done:',
  }[outcome];
}

/** `notes is ready`: for the tab's title, which is read without the page. */
export function titleOf(outcome: Outcome, kind: Job['kind'], name: string): string {
  if (outcome === 'working') return `${jobWords[kind]} ${name}`;
  return {
    ready: `${name} is ready`,
    uncloned: `${name} is ready, without its repository`,
    failed: `Could not ${jobVerbs[kind]} ${name}`,
    cancelled: `${name}: cancelled`,
    done: `${name}: done`,
  }[outcome];
}

export function iconOf(outcome: Outcome): 'working' | 'ready' | 'failed' | null {
  return (
    { working: 'working', ready: 'ready', uncloned: 'ready', failed: 'failed', cancelled: null, done: null } as const
  )[outcome];
}
