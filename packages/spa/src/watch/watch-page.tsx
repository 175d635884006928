/** A start, live: its steps with their times, then the way into the editor, or what went wrong and what to do. */
import type { Job, Workspace } from '@tidepool/core';
import { useEffect, useState } from 'react';
import { Link, Navigate, useLocation, useParams } from 'react-router';
import { z } from 'zod';
import { jobFailure } from '../api/problem-of-job.ts';
import { OpenLink } from '../components/open-link.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Steps } from '../components/steps.tsx';
import { useHost, useJob, useWorkspace } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { formatAbout, formatDuration } from '../workspaces/durations.ts';
import { MainActionButton } from '../workspaces/main-action-button.tsx';
import { GonePage, UnknownWorkspace } from '../workspaces/missing-workspace.tsx';
import { elapsedMs, jobWords } from '../workspaces/step-words.ts';
import { useLeadIn } from './use-lead-in.ts';

/** What the view that leads here says: which job, and whether it ends in the editor by itself. */
const watchState = z.object({ jobId: z.string(), isLead: z.boolean() });

export function WatchPage() {
  const { name = '' } = useParams();
  const { workspace, problem, isGone } = useWorkspace(name);
  if (isGone) return <GonePage name={name} />;
  if (problem) return <UnknownWorkspace name={name} problem={problem} />;
  return workspace ? <Watch workspace={workspace} /> : null;
}

function Watch({ workspace }: { readonly workspace: Workspace }) {
  const { name, path, jobId } = workspace;
  const state = watchState.safeParse(useLocation().state).data;
  // An ended job is no longer the workspace's: it stays in view, until a retry brings the next.
  const [shownId, setShownId] = useState(jobId ?? state?.jobId ?? null);
  useEffect(() => {
    if (jobId !== null) setShownId(jobId);
  }, [jobId]);
  const [isLead, setLead] = useState(state?.isLead ?? false);
  const { host } = useHost();
  const job = useJob(shownId);
  const isReady = job?.status === 'succeeded' && workspace.status === 'running';
  const hasFailed = job?.status === 'failed';
  useLeadIn(isReady && isLead, workspace);
  usePageTitle(
    isReady ? `Ready: ${name}` : hasFailed ? `Failed: ${name}` : `${job ? jobWords[job.kind] : 'Watching'} ${name}`,
  );

  if (shownId === null) return <Navigate to={paths.workspace(name)} replace />;
  if (!job) return null;
  const usuallyMs = (job.kind === 'create' ? host?.typical.createMs : host?.typical.startMs) ?? null;
  return (
    <div className="narrow">
      <div className="head">
        <h1>
          {isReady ? 'Ready:' : hasFailed ? 'Failed:' : jobWords[job.kind]} <span className="mono">{name}</span>
        </h1>
      </div>
      <section className="panel" aria-label={`Progress of ${name}`}>
        <div className="panel-body stack">
          <Clock job={job} usuallyMs={usuallyMs} />
          <Steps job={job} usuallyMs={usuallyMs} />
          <p className="sr" role="status">
            {stepSentence(job)}
          </p>
          {job.failures > 0 && !hasFailed && (
            <p className="help">Tried {job.failures + 1} times; it goes on by itself.</p>
          )}
          {hasFailed && <ProblemNote problem={jobFailure(job).problem} />}
        </div>
        <footer className="panel-foot">
          {!isReady && !hasFailed && (
            <label className="check first">
              <input type="checkbox" checked={isLead} onChange={(event) => setLead(event.target.checked)} />
              Open the editor when it is ready
            </label>
          )}
          {hasFailed && (
            <Link className="button button-plain" to={paths.section(name, 'logs')}>
              Logs
            </Link>
          )}
          <Link className="button button-plain push" to={paths.workspace(name)}>
            Details
          </Link>
          {isReady ? (
            <OpenLink path={path} className="button button-primary" hasIcon>
              Open
            </OpenLink>
          ) : (
            hasFailed && <MainActionButton workspace={workspace} place="page" />
          )}
        </footer>
      </section>
    </div>
  );
}

function Clock({ job, usuallyMs }: { readonly job: Job; readonly usuallyMs: number | null }) {
  const now = useNow(job.finishedAt === null ? 100 : 10_000);
  return (
    <p className="clock">
      <b>{formatDuration(elapsedMs(job, now))}</b>
      {usuallyMs !== null && <span className="muted">usually about {formatAbout(usuallyMs)}</span>}
    </p>
  );
}

function stepSentence({ steps, plan, status }: Job): string {
  if (status === 'succeeded') return 'Ready.';
  if (status === 'failed') return 'Failed.';
  return `Step ${Math.max(1, steps.length)} of ${plan.length}`;
}
