/** Asks for a new workspace. The same form sent again after a lost answer makes no second one: it has the same key. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Accepted, CreateWorkspaceBody, Problem } from '@tidepool/core';
import { isPassing, problemOf } from '../api/problem-of.ts';
import { offerInstead } from '../capacity/following.ts';
import { keys } from '../live/queries.ts';
import { useServices } from '../services/services.ts';

export interface CreateRequest {
  readonly body: CreateWorkspaceBody;
  readonly key: string;
}

export interface Create {
  readonly submit: (request: CreateRequest) => void;
  readonly isPending: boolean;
  /** Why `body` was refused; null where it was not, or became an offer instead. */
  readonly refusal: { readonly problem: Problem; readonly body: CreateWorkspaceBody } | null;
}

export function useCreate(onAccepted: (accepted: Accepted) => void): Create {
  const { client, known, following } = useServices();
  const queryClient = useQueryClient();
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: ({ body, key }: CreateRequest) => client('createWorkspace', { body, idempotencyKey: key }),
    retry: (failures, thrown) => failures < 2 && isPassing(thrown),
    onSuccess: (accepted) => {
      known.putJob(accepted.job);
      known.put(accepted.workspace);
      onAccepted(accepted);
    },
    onError: (thrown, { body, key }) => {
      const problem = problemOf(thrown);
      // Somebody took it since it was looked at.
      if (problem.code === 'name_taken') void queryClient.invalidateQueries({ queryKey: keys.workspace(body.name) });
      const { name, memoryMiB = null } = body;
      offerInstead(following, problem, { verb: 'create', name, memoryMiB, body }, key);
    },
  });
  const problem = error && problemOf(error);
  const isOffered = problem?.code === 'capacity_exhausted' && following.get()?.wish.name === variables?.body.name;
  return {
    submit: mutate,
    isPending,
    refusal: problem && variables && !isOffered ? { problem, body: variables.body } : null,
  };
}
