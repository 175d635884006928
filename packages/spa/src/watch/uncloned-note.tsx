/** It runs, without the repository that it was to begin with: why, and another try. */
import { useMutation } from '@tanstack/react-query';
import { type Workspace, whyNotClone } from '@tidepool/core';
import { isPassing, problemOf } from '../api/problem-of.ts';
import { randomId } from '../api/random-id.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { useBlocked } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';

export function UnclonedNote({ workspace }: { readonly workspace: Workspace }) {
  const { client, known, toasts } = useServices();
  const blocked = useBlocked();
  const { mutate, isPending } = useMutation({
    mutationFn: (key: string) => client('cloneSource', { params: { id: workspace.id }, idempotencyKey: key }),
    retry: (failures, error) => failures < 2 && isPassing(error),
    onSuccess: (accepted) => {
      known.putJob(accepted.job);
      known.put(accepted.workspace);
    },
    onError: (error) => toasts.problem(problemOf(error), 'The repository was not cloned'),
  });
  const { source } = workspace;
  return (
    <div className="note note-warn" role="alert">
      <Icon name="alert" />
      <div className="note-body">
        <p className="note-title">Its repository was not cloned. It runs all the same, with an empty project folder</p>
        {source && (
          <p>
            <code>{source.git}</code>
          </p>
        )}
        {source?.error && (
          <>
            <p>{source.error.message}</p>
            <p>{source.error.fix}</p>
          </>
        )}
        <div className="row">
          <ActionButton
            size="small"
            why={blocked ?? whyNotClone(workspace)}
            isPending={isPending}
            onClick={() => mutate(randomId())}
          >
            <Icon name="retry" /> Try again
          </ActionButton>
        </div>
      </div>
    </div>
  );
}
