/** Asks for a new workspace. The same form sent again after a lost answer makes no second one. */

import { useMutation } from '@tanstack/react-query';
import type { Accepted, CreateWorkspaceBody, Problem } from '@tidepool/core';
import { isPassing, problemOf } from '../api/problem-of.ts';
import { randomId } from '../api/random-id.ts';
import { offerOf } from '../capacity/offer.ts';
import { type Services, useServices } from '../services/services.ts';

export interface Create {
  readonly submit: (body: CreateWorkspaceBody) => void;
  readonly isPending: boolean;
  /** Why it was refused; null for what became an offer instead. */
  readonly problem: Problem | null;
}

export function useCreate(onAccepted: (accepted: Accepted) => void): Create {
  const services = useServices();
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ body, key }: { body: CreateWorkspaceBody; key: string }) => ask(services, body, key),
    retry: (failures, thrown) => failures < 2 && isPassing(thrown),
    onSuccess: onAccepted,
    onError: (thrown, { body }) => {
      const offer = offerOf(problemOf(thrown), {
        wanted: { name: body.name, verb: 'create', memoryMiB: body.memoryMiB },
        ask: () => ask(services, body, randomId()),
        onAccepted,
      });
      if (offer) services.followThrough.offer(offer);
    },
  });
  const problem = error && problemOf(error);
  return {
    submit: (body) => mutate({ body, key: randomId() }),
    isPending,
    problem: problem?.code === 'capacity_exhausted' ? null : problem,
  };
}

async function ask({ client, known }: Services, body: CreateWorkspaceBody, key: string): Promise<Accepted> {
  const accepted = await client('createWorkspace', { body, idempotencyKey: key });
  known.putJob(accepted.job);
  known.put(accepted.workspace);
  return accepted;
}
