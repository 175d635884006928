/** The last jobs that failed: why, and what can be done, or what became of it. */
import { useQuery } from '@tanstack/react-query';
import { type Job, type Workspace, whyNotClone } from '@tidepool/core';
import { Link } from 'react-router';
import { problemOf } from '../api/problem-of.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useBlocked, useJob, useKnown } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { useServices } from '../services/services.ts';
import { jobVerbs } from '../workspaces/step-words.ts';
import { useAct } from '../workspaces/use-act.ts';
import { useCloneSource } from '../workspaces/use-clone-source.ts';
import { whyDisabled } from '../workspaces/verbs.ts';
import { failedJobsQuery } from './host-queries.ts';
import { type Outcome, whatBecame } from './what-became.ts';

export function FailedJobs() {
  const { data: failed, error } = useQuery(failedJobsQuery(useServices()));
  const workspaces = useKnown((state) => state.workspaces);
  return (
    <Panel title="Failed jobs">
      {error && <ProblemNote problem={problemOf(error)} title="The failed jobs could not be read" />}
      {!failed?.length && !error && <p className="panel-body help jobs-none">{failed && 'None failed.'}</p>}
      {failed && failed.length > 0 && (
        <ol className="timeline jobs failed-jobs">
          {failed.map((job) => (
            <FailedJob key={job.id} job={job} outcome={whatBecame(job, workspaces.get(job.workspaceId), failed)} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function FailedJob({ job, outcome }: { readonly job: Job; readonly outcome: Outcome }) {
  const { kind, workspaceName, error, failures, finishedAt } = job;
  return (
    <li>
      <StatusShape status={outcome.kind === 'open' ? 'error' : 'stopped'} />
      <span>
        Could not {jobVerbs[kind]} <WorkspaceName name={workspaceName} exists={outcome.workspace !== null} />{' '}
        <span className="muted">
          <TimeAgo at={finishedAt} />
          {failures > 1 && `, tried ${failures} times`}
        </span>
        {error && <span className="second">{error.message}</span>}
        {outcome.kind === 'open' && error && <span className="second">{error.fix}</span>}
        {outcome.kind === 'past' && <span className="second dim">{outcome.words}</span>}
      </span>
      {outcome.kind === 'open' && outcome.again === 'retry' && <RetryButton workspace={outcome.workspace} />}
      {outcome.kind === 'open' && outcome.again === 'clone' && <CloneButton workspace={outcome.workspace} />}
    </li>
  );
}

function WorkspaceName({ name, exists }: { readonly name: string; readonly exists: boolean }) {
  if (!exists) return <b className="mono">{name}</b>;
  return (
    <Link className="mono" to={paths.workspace(name)}>
      {name}
    </Link>
  );
}

function RetryButton({ workspace }: { readonly workspace: Workspace }) {
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  return (
    <ActionButton
      size="small"
      why={whyDisabled('retry', workspace, blocked)}
      isPending={isPending}
      aria-label={`Retry ${workspace.name}`}
      onClick={() => void act('retry', workspace)}
    >
      Retry
    </ActionButton>
  );
}

function CloneButton({ workspace }: { readonly workspace: Workspace }) {
  const { clone, isPending } = useCloneSource(workspace);
  const blocked = useBlocked();
  const isAtIt = useJob(workspace.jobId)?.kind === 'source';
  return (
    <ActionButton
      size="small"
      why={blocked ?? (isAtIt ? 'It is being cloned now.' : whyNotClone(workspace))}
      isPending={isPending}
      aria-label={`Try again to clone the repository of ${workspace.name}`}
      onClick={clone}
    >
      Try again
    </ActionButton>
  );
}
