/**
 * After oxidecomputer/omicron's saga tests: takes a job's list of steps and makes of it one in which every step runs
 * twice, or in which a chosen step fails.
 */
import { TidepoolError } from '@tidepool/core';
import type { Step } from '../src/steps/step.ts';

/** A step that was interrupted after its work, and is run again. */
export function repeated(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => ({
    ...step,
    async run(context) {
      await step.run(context);
      await step.run(context);
    },
  }));
}

export const failures = {
  passing: () => new TidepoolError('runtime_unavailable', { detail: 'injected', passing: true }),
  permanent: () => new TidepoolError('instance_failed', { detail: 'injected' }),
  unknown: () => new RangeError('injected'),
} as const;

export interface Injection {
  /** Which step of the list. */
  readonly at: number;
  readonly failure: keyof typeof failures;
  /** Whether its work was done all the same. */
  readonly when: 'before' | 'after';
  /** How often; absent: always. */
  readonly times?: number;
}

export function failing(steps: readonly Step[], { at, failure, when, times = Number.POSITIVE_INFINITY }: Injection) {
  let left = times;
  return steps.map((step, index): Step => {
    if (index !== at) return step;
    return {
      ...step,
      async run(context) {
        if (left === 0) return step.run(context);
        left -= 1;
        if (when === 'after') await step.run(context);
        throw failures[failure]();
      },
    };
  });
}

/** Every step of a list, with each way to fail at it. */
export function everyInjection(steps: readonly Step[]): Injection[] {
  return steps.flatMap((_, at) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['passing', 'permanent', 'unknown'] as const).map((failure) => ({ at, failure, when })),
    ),
  );
}
