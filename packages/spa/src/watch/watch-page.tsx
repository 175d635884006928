/** A start, live: its steps with their times, then the way into the editor, or what went wrong and what to do. */
import type { Workspace } from '@tidepool/core';
import { useEffect, useId, useRef, useState } from 'react';
import { Link, Navigate, useLocation, useParams } from 'react-router';
import { z } from 'zod';
import { jobFailure } from '../api/problem-of-job.ts';
import { Icon } from '../components/icon.tsx';
import { OpenLink } from '../components/open-link.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { Steps } from '../components/steps.tsx';
import { useHost, useJob, useWorkspace } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { MainActionButton } from '../workspaces/main-action-button.tsx';
import { GonePage, UnknownWorkspace } from '../workspaces/missing-workspace.tsx';
import { usualMs } from '../workspaces/usual-time.ts';
import { Clock } from './clock.tsx';
import { headingOf, iconOf, outcomeOf, titleOf } from './outcome.ts';
import { StartLog } from './start-log.tsx';
import { StepAnnouncer } from './step-announcer.tsx';
import { UnclonedNote } from './uncloned-note.tsx';
import { useLeadIn } from './use-lead-in.ts';
import { useTabIcon, useTellWhenLeft } from './use-tab.ts';

/** What the view that leads here says: which job, and whether it ends in the editor by itself. */
const watchState = z.object({ jobId: z.string(), isLead: z.boolean() });

export function WatchPage() {
  const { name = '' } = useParams();
  const { workspace, problem, isGone } = useWorkspace(name);
  if (isGone) return <GonePage name={name} />;
  if (problem) return <UnknownWorkspace name={name} problem={problem} />;
  return workspace ? <Watch key={workspace.id} workspace={workspace} /> : null;
}

function Watch({ workspace }: { readonly workspace: Workspace }) {
  const { name, path, jobId } = workspace;
  const state = watchState.safeParse(useLocation().state).data;
  // An ended job is no longer the workspace's: it stays in view, until a retry brings the next.
  const [lastId, setLastId] = useState(jobId ?? state?.jobId ?? null);
  useEffect(() => {
    if (jobId !== null) setLastId(jobId);
  }, [jobId]);
  // The one at work at once: with the one before it, a workspace whose clone is tried again would pass for ready.
  const shownId = jobId ?? lastId;
  const [isLead, setLead] = useState(state?.isLead ?? false);
  const [isLogOpen, setLogOpen] = useState(false);
  const logId = useId();
  const { host } = useHost();
  const job = useJob(shownId);
  const outcome = job ? outcomeOf(job, workspace) : 'working';
  const canOpen = outcome === 'ready' || outcome === 'uncloned';

  useLeadIn(outcome === 'ready', isLead, workspace);
  usePageTitle(job ? titleOf(outcome, job.kind, name) : `Watching ${name}`);
  useTabIcon(iconOf(outcome));
  useTellWhenLeft(job, isLead && outcome === 'working');
  const footer = useFocusWhenOver(outcome !== 'working');

  if (shownId === null) return <Navigate to={paths.workspace(name)} replace />;
  if (!job) return null;
  const usuallyMs = host ? usualMs(host.typical, job.kind) : null;
  return (
    <div className="narrow">
      <div className="head">
        <h1>
          {headingOf(outcome, job.kind)} <span className="mono">{name}</span>
        </h1>
      </div>
      <section className="panel" aria-label={`Progress of ${name}`}>
        <div className="panel-body stack">
          <Clock job={job} usuallyMs={usuallyMs} />
          <Steps job={job} usuallyMs={usuallyMs} {...(host ? { typical: host.typical } : {})} />
          <StepAnnouncer job={job} />
          {job.failures > 0 && outcome === 'working' && (
            <p className="help">Tried {job.failures + 1} times; it goes on by itself.</p>
          )}
          {outcome === 'failed' && <ProblemNote problem={jobFailure(job).problem} />}
          {outcome === 'uncloned' && <UnclonedNote workspace={workspace} />}
          <div className="stack-small">
            <button
              type="button"
              className="button button-quiet button-small disclosure"
              aria-expanded={isLogOpen}
              aria-controls={logId}
              onClick={() => setLogOpen(!isLogOpen)}
            >
              <Icon name="right" /> Log
            </button>
            <div id={logId}>{isLogOpen && <StartLog workspace={workspace} />}</div>
          </div>
        </div>
        <footer className="panel-foot" ref={footer}>
          {outcome === 'working' && (
            <label className="check first">
              <input type="checkbox" checked={isLead} onChange={(event) => setLead(event.target.checked)} />
              Open the editor when it is ready
            </label>
          )}
          <Link className="button button-plain push" to={paths.workspace(name)}>
            Details
          </Link>
          {canOpen && (
            <OpenLink path={path} className="button button-primary" hasIcon>
              Open
            </OpenLink>
          )}
          {outcome === 'failed' && <MainActionButton workspace={workspace} place="page" />}
        </footer>
      </section>
    </div>
  );
}

/** What to do next has the focus when it is over, if nobody has it: Enter goes on. */
function useFocusWhenOver(isOver: boolean) {
  const footer = useRef<HTMLElement>(null);
  useEffect(() => {
    const holder = document.activeElement;
    const isFree = holder === null || holder === document.body || holder.matches('main');
    if (isOver && isFree) footer.current?.querySelector<HTMLElement>('.button-primary')?.focus({ preventScroll: true });
  }, [isOver]);
  return footer;
}
