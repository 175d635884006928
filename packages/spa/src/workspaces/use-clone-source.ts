/** Asking once more for the repository that a workspace was to begin with. */
import { useMutation } from '@tanstack/react-query';
import type { Workspace } from '@tidepool/core';
import { problemOf, repeatsWithItsKey } from '../api/problem-of.ts';
import { randomId } from '../api/random-id.ts';
import { useServices } from '../services/services.ts';

export function useCloneSource({ id }: Pick<Workspace, 'id'>): {
  readonly clone: () => void;
  readonly isPending: boolean;
} {
  const { client, known, toasts } = useServices();
  const { mutate, isPending } = useMutation({
    mutationFn: (key: string) => client('cloneSource', { params: { id }, idempotencyKey: key }),
    retry: repeatsWithItsKey,
    onSuccess: (accepted) => {
      known.putJob(accepted.job);
      known.put(accepted.workspace);
    },
    onError: (error) => toasts.problem(problemOf(error), 'The repository was not cloned'),
  });
  return { clone: () => mutate(randomId()), isPending };
}
