/** Which steps each kind of job may run, in order. The names match core's `plans`, which pages show beforehand. */
import type { Job, JobKind } from '@tidepool/core';
import type { Step } from '../steps/step.ts';
import { create } from './create.ts';
import { deletion } from './delete.ts';
import { restart } from './restart.ts';
import { routes } from './routes.ts';
import { source } from './source.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

export const jobs: Readonly<Record<JobKind, readonly Step[]>> = {
  create,
  start,
  stop,
  restart,
  delete: deletion,
  routes,
  source,
};

/** Those of them that this job was accepted with. */
export function stepsOf({ kind, plan }: Pick<Job, 'kind' | 'plan'>): readonly Step[] {
  return jobs[kind].filter(({ name }) => plan.includes(name));
}
