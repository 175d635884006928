/** Whatever was thrown, as the problem document that a reader is shown. */
import { ApiError, type Problem } from '@tidepool/core';

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return {
    type: 'urn:tidepool:error:page_mistake',
    title: 'This page made a mistake',
    status: 0,
    code: 'page_mistake',
    detail: error instanceof Error ? error.message : String(error),
    fields: [],
    fix: 'Load the page again. If it stays, report these words.',
  };
}

/** What was wrong with the body's field `name`, if it was. Fields are paths such as `body.name`. */
export function fieldProblem(problem: Problem | null, name: string): string | undefined {
  return problem?.fields.find(({ field }) => field === `body.${name}`)?.message;
}

/** Whether the request may have failed on its way, so that sending it again with the same key is right. */
export function isPassing(error: unknown): boolean {
  const { code } = problemOf(error);
  return code === 'unreachable' || code === 'intercepted' || code === 'busy' || code === 'not_ready';
}

/**
 * Whether a change with an idempotency key is asked for once more: four times in 15 s, in which a server that was killed
 * is up again. However often it arrives, it is accepted once.
 */
export function repeatsWithItsKey(failures: number, error: unknown): boolean {
  return failures < 4 && isPassing(error);
}
