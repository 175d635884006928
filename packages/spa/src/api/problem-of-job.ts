/** A failed job in the same form as a refused request, so that both are shown alike. */
import { ApiError, type Job } from '@tidepool/core';
import { jobVerbs } from '../workspaces/step-words.ts';

export function jobFailure({ kind, workspaceName, status, error }: Job): ApiError {
  const was = `Could not ${jobVerbs[kind]} ${workspaceName}`;
  return new ApiError({
    type: `urn:tidepool:error:${error?.code ?? status}`,
    title: was,
    status: 409,
    code: error?.code ?? status,
    detail:
      error?.message ??
      (status === 'cancelled' ? 'It was cancelled: somebody stopped, restarted or deleted it meanwhile.' : `${was}.`),
    fields: [],
    fix: error?.fix ?? '',
  });
}
