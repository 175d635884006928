/** How a call to an SQS server ends when it does not end well: deadlines, aborts, and what the SDK throws, translated. */
import { setTimeout as pause } from 'node:timers/promises';
import { SQSServiceException } from '@aws-sdk/client-sqs';
import { TidepoolError } from '@tidepool/core';
import { isAnswer } from './diagnosis.ts';

/**
 * Runs a call with a deadline in milliseconds beside the caller's signal.
 * @throws the signal's reason where the caller aborted; TidepoolError `queue_unavailable` otherwise, passing unless the
 * server answered that the request itself is wrong
 */
export async function reach<T>(
  ms: number,
  signal: AbortSignal | undefined,
  call: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(ms);
  signal?.throwIfAborted();
  try {
    return await call(signal === undefined ? deadline : AbortSignal.any([deadline, signal]));
  } catch (cause) {
    signal?.throwIfAborted();
    const refused = cause instanceof SQSServiceException && cause.$fault === 'client';
    const trouble = isAnswer(cause)
      ? 'The queue answers, but not as an SQS server does.'
      : 'The queue does not answer.';
    throw new TidepoolError('queue_unavailable', {
      detail: refused ? `The queue refused the request: ${cause.message}` : trouble,
      passing: !refused,
      cause,
    });
  }
}

/** Whether an answer says that the message, or its queue, is no longer there. Each server says it in its own way. */
export function isGone(error: unknown): boolean {
  return error instanceof SQSServiceException && goneNames.has(error.name);
}

const goneNames: ReadonlySet<string> = new Set([
  'QueueDoesNotExist',
  'MessageNotInflight',
  'ReceiptHandleIsInvalid',
  'InvalidParameterValue',
]);

/**
 * Lets a failure, or an empty answer, out no sooner than so many milliseconds after the call began: whatever answers
 * there, a loop around it is no busy loop.
 */
export async function slowly<T>(
  leastMs: number,
  signal: AbortSignal,
  call: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const earliest = performance.now() + leastMs;
  const untilThen = () =>
    pause(Math.max(0, earliest - performance.now()), undefined, { signal }).catch(() => signal.throwIfAborted());
  try {
    const answer = await call();
    if (answer.length === 0) await untilThen();
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    await untilThen();
    throw error;
  }
}
