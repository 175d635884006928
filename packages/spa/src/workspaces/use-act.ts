/** Asking for a change: sent once however often it has to be repeated, and a refusal shown where it can be answered. */

import { useMutation } from '@tanstack/react-query';
import type { Accepted, Verb, Workspace } from '@tidepool/core';
import { problemOf, repeatsWithItsKey } from '../api/problem-of.ts';
import { randomId } from '../api/random-id.ts';
import { offerInstead } from '../capacity/following.ts';
import { type Services, useServices } from '../services/services.ts';
import { verbs } from './verbs.ts';

/** @returns whether it was accepted */
export type Act = (verb: Verb, workspace: Workspace) => Promise<boolean>;

export function useAct(): { readonly act: Act; readonly isPending: boolean } {
  const services = useServices();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ verb, workspace, key }: Request) => ask(services, verb, workspace.id, key),
    retry: repeatsWithItsKey,
  });
  const act: Act = async (verb, workspace) => {
    const request = { verb, workspace, key: randomId() };
    try {
      await mutateAsync(request);
      return true;
    } catch (error) {
      showRefusal(services, request, error);
      return false;
    }
  };
  return { act, isPending };
}

interface Request {
  readonly verb: Verb;
  readonly workspace: Workspace;
  readonly key: string;
}

async function ask({ client, known }: Services, verb: Verb, id: string, key: string): Promise<Accepted> {
  const accepted = await client(verbs[verb].endpoint, { params: { id }, idempotencyKey: key });
  known.putJob(accepted.job);
  known.put(accepted.workspace);
  return accepted;
}

function showRefusal({ following, toasts }: Services, { verb, workspace, key }: Request, error: unknown): void {
  const problem = problemOf(error);
  const { id, name, memoryMiB } = workspace;
  const isOffered =
    verb !== 'stop' && verb !== 'delete' && offerInstead(following, problem, { verb, id, name, memoryMiB }, key);
  if (!isOffered) toasts.problem(problem, `${name} was not ${verbs[verb].done}`, name);
}
