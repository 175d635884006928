/** Asks, and sees that the answer is a whole problem document and that nothing was written. */
import { problem } from '@tidepool/core';
import { expect } from 'vitest';
import type { Answer, Question } from './ask.ts';
import { failedWorkspace, runningWorkspace, stoppedWorkspace } from './drive.ts';
import { fingerprint, type Running, startServer } from './harness.ts';

export interface Expected {
  readonly status: number;
  readonly code: string;
  readonly field?: string;
}

export async function refused(
  { ask, store }: Running,
  path: string,
  question: Question,
  expected: Expected,
): Promise<Answer> {
  const before = fingerprint(store);
  const answer = await ask(path, question);
  expect(answer.status, answer.text).toBe(expected.status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const document = problem.parse(answer.json());
  expect(document).toMatchObject({ status: expected.status, code: expected.code });
  expect(document.fix).not.toBe('');
  expect(document.requestId).toBe(answer.headers['x-request-id']);
  if (expected.field !== undefined) expect(document.fields.map(({ field }) => field)).toContain(expected.field);
  for (const { message } of document.fields) expect(message).not.toBe('');
  expect(fingerprint(store)).toEqual(before);
  return answer;
}

/** A server with `alive` running, `still` stopped with port 3000, and `broken` failed. */
export async function startPopulated(): Promise<Running> {
  const server = await startServer();
  runningWorkspace(server.store, 'alive');
  stoppedWorkspace(server.store, 'still');
  failedWorkspace(server.store, 'broken');
  server.store.addPort('still', { port: 3000, label: null, stripPrefix: true }, { actor: 'user' });
  return server;
}
