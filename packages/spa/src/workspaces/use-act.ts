/** Asking for a change: sent once however often it has to be repeated, and a refusal shown where it can be answered. */

import { useMutation } from '@tanstack/react-query';
import type { Accepted, Verb, Workspace } from '@tidepool/core';
import { isPassing, problemOf } from '../api/problem-of.ts';
import { randomId } from '../api/random-id.ts';
import { offerOf } from '../capacity/offer.ts';
import { type Services, useServices } from '../services/services.ts';
import { verbs } from './verbs.ts';

/** @returns whether it was accepted */
export type Act = (verb: Verb, workspace: Workspace) => Promise<boolean>;

export function useAct(): { readonly act: Act; readonly isPending: boolean } {
  const services = useServices();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ verb, workspace, key }: Request) => ask(services, verb, workspace.id, key),
    retry: (failures, error) => failures < 2 && isPassing(error),
  });
  const act: Act = async (verb, workspace) => {
    try {
      await mutateAsync({ verb, workspace, key: randomId() });
      return true;
    } catch (error) {
      showRefusal(services, verb, workspace, error);
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
  const params = { id };
  const accepted = await client(verbs[verb].endpoint, {
    params,
    ...(verb === 'delete' ? {} : { idempotencyKey: key }),
  });
  known.putJob(accepted.job);
  known.put(accepted.workspace);
  return accepted;
}

function showRefusal(services: Services, verb: Verb, workspace: Workspace, error: unknown): void {
  const problem = problemOf(error);
  const wanted = { name: workspace.name, verb, memoryMiB: workspace.memoryMiB };
  const offer = offerOf(problem, { wanted, ask: () => ask(services, verb, workspace.id, randomId()) });
  if (offer) services.followThrough.offer(offer);
  else services.toasts.problem(problem, `${workspace.name} was not ${verbs[verb].done}`);
}
