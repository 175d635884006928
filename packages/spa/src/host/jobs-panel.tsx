/** Jobs of all workspaces: those at work, with the step they are at, and the last that failed. */
import type { Job, JobKind, Status } from '@tidepool/core';
import { Link } from 'react-router';
import { Panel } from '../components/panel.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { useUnderWay } from '../live/under-way.ts';
import { useNow } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { formatAbout, formatExact, formatTime } from '../workspaces/durations.ts';
import { elapsedMs, jobWords, stepWords } from '../workspaces/step-words.ts';
import { FailedJobs } from './failed-jobs.tsx';

const shapes = {
  create: 'creating',
  start: 'starting',
  restart: 'starting',
  stop: 'stopping',
  delete: 'deleting',
  routes: 'starting',
  source: 'starting',
} as const satisfies Record<JobKind, Status>;

export function JobsPanel() {
  const { jobs: open, isRead } = useUnderWay();
  return (
    <>
      <Panel title="Jobs at work" aside={<p>{open.length > 0 && `${open.length} now`}</p>}>
        {open.length === 0 && (
          <p className="panel-body help jobs-none">
            {isRead && 'None. What you ask for is shown here while it is done.'}
          </p>
        )}
        {open.length > 0 && (
          <ol className="timeline jobs">
            {open.map((job) => (
              <OpenJob key={job.id} job={job} />
            ))}
          </ol>
        )}
      </Panel>
      <FailedJobs />
    </>
  );
}

function OpenJob({ job }: { readonly job: Job }) {
  const { kind, workspaceName, createdAt } = job;
  const now = useNow(1_000);
  const isWatched = kind === 'create' || kind === 'start' || kind === 'restart';
  return (
    <li>
      <time dateTime={createdAt} title={formatExact(Date.parse(createdAt))}>
        {formatTime(Date.parse(createdAt))}
      </time>
      <StatusShape status={shapes[kind]} />
      <span>
        {jobWords[kind]}{' '}
        <Link className="mono" to={isWatched ? paths.watch(workspaceName) : paths.workspace(workspaceName)}>
          {workspaceName}
        </Link>
        <span className="second">{whereItIs(job)}</span>
      </span>
      <span className="took">{formatAbout(elapsedMs(job, now))}</span>
    </li>
  );
}

/** `Step 2 of 5: get an address`. */
function whereItIs({ status, plan, steps, failures }: Job): string {
  const step = steps.findLast((each) => each.status === 'running') ?? steps.at(-1);
  const again = failures === 0 ? '' : `, tried ${failures + 1} times`;
  if (status === 'waiting') return 'Waits for the job before it';
  if (!step) return `Waits for its turn${again}`;
  return `Step ${plan.indexOf(step.name) + 1} of ${plan.length}: ${stepWords[step.name]}${again}`;
}
