/** Which steps each kind of job runs, in order. The names match core's `plans`, which pages show beforehand. */
import type { JobKind } from '@tidepool/core';
import type { Step } from '../steps/step.ts';
import { create } from './create.ts';
import { deletion } from './delete.ts';
import { restart } from './restart.ts';
import { routes } from './routes.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

export const jobs: Readonly<Record<JobKind, readonly Step[]>> = {
  create,
  start,
  stop,
  restart,
  delete: deletion,
  routes,
};
