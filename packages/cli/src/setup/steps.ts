/** The set-up on one screen: what is looked at, and done, in this order. */
import { daemon } from './daemon.ts';
import { idRanges } from './id-ranges.ts';
import { instanceType } from './instance-type.ts';
import { kernel } from './kernel.ts';
import { network, rules } from './network.ts';
import { packages } from './packages.ts';
import { partStep } from './parts.ts';
import { pool } from './pool.ts';
import type { Setup, Step, StepState } from './setup.ts';
import { type Survey, surveyIncus } from './survey.ts';

export const steps: readonly Step[] = [
  kernel,
  idRanges,
  packages,
  daemon,
  pool,
  rules,
  network,
  partStep('project'),
  partStep('profile'),
  instanceType,
];

export interface Seen {
  readonly step: Step;
  readonly state: StepState;
}

/** All of them, as they are now; only why it does not answer where that is not ours to change. Changes nothing. */
export async function lookAtAll(setup: Setup): Promise<Seen[]> {
  const survey = await surveyIncus(setup);
  const known = survey.remote && survey.server === null ? [daemon] : steps;
  return Promise.all(
    known.map(async (step) => ({ step, state: unknownOf(step, survey) ?? (await step.look(setup, survey)) })),
  );
}

/** What a daemon holds that does not run now shows only when it does. */
function unknownOf({ title, isInside }: Step, { isAsleep }: Survey): StepState | null {
  if (!isInside || !isAsleep) return null;
  const will = [`make what is called "${title}" here, where it is missing`];
  return { kind: 'todo', detail: 'Not known while the daemon does not run.', will };
}
