/** What a workspace takes now, of what its run was given. In its place while it changes: how far it is. */
import type { Job, Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { useConnection, useHost, useJob } from '../live/hooks.ts';
import { useNow, useNowAs } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { formatAbout } from '../workspaces/durations.ts';
import { formatCpus, formatMemory, memoryOf } from '../workspaces/size.ts';
import { elapsedMs, stepWords } from '../workspaces/step-words.ts';
import { formatCores, shareOf, usageNow } from '../workspaces/usage.ts';
import { usualMs } from '../workspaces/usual-time.ts';

/** From here on, memory is shown as nearly full. */
const nearlyFull = 0.9;

export function RowFigures({ workspace }: { readonly workspace: Workspace }) {
  const { name, status, jobId } = workspace;
  if (status === 'error') {
    return (
      <td className="cell-wide" colSpan={2}>
        <Link to={paths.workspace(name)} aria-label={`See what to do about ${name}`}>
          See what to do
        </Link>
      </td>
    );
  }
  if (jobId !== null && status !== 'running') return <Changing workspace={workspace} jobId={jobId} />;
  return <Taken workspace={workspace} />;
}

function Changing({ workspace, jobId }: { readonly workspace: Workspace; readonly jobId: string }) {
  const { state } = useConnection();
  const job = useJob(jobId);
  if (!job || state === 'lost') return <Taken workspace={workspace} />;
  return (
    <td className="cell-wide" colSpan={2}>
      <Progress job={job} />
    </td>
  );
}

function Taken({ workspace }: { readonly workspace: Workspace }) {
  const { status, inForce, usage } = workspace;
  const isMeasured = useNowAs(10_000, (now) => usageNow(workspace, now) !== null);
  const { cpus, memoryMiB } = inForce ?? workspace;
  if (status === 'running' && usage && isMeasured) {
    const share = shareOf(usage.memoryMiB, memoryMiB);
    return (
      <>
        <td className="cell-cpu">
          <Figure
            name="CPU"
            share={usage.cpus === null ? null : shareOf(usage.cpus, cpus)}
            now={usage.cpus === null ? '–' : formatCores(usage.cpus)}
            size={`of ${cpus}`}
          />
        </td>
        <td className="cell-memory">
          <Figure
            name="Memory"
            share={share}
            isNearlyFull={share >= nearlyFull}
            {...memoryOf(usage.memoryMiB, memoryMiB)}
          />
        </td>
      </>
    );
  }
  return (
    <td className="cell-wide dim" colSpan={2}>
      {status !== 'deleting' && `${formatCpus(cpus)}, ${formatMemory(memoryMiB)}`}
    </td>
  );
}

interface FigureProps {
  readonly name: string;
  /** From 0 to 1; null where it is not known yet. */
  readonly share: number | null;
  readonly now: string;
  readonly size: string;
  readonly isNearlyFull?: boolean;
}

function Figure({ name, share, now, size, isNearlyFull = false }: FigureProps) {
  return (
    <>
      <span className="figure">
        <span className="below-middle">{name} </span>
        {now} <i>{size}</i>
        {isNearlyFull && <span className="sr">, nearly full</span>}
      </span>
      <span className="bar" data-full={isNearlyFull || undefined} aria-hidden="true">
        <i style={{ inlineSize: `${(share ?? 0) * 100}%` }} />
      </span>
    </>
  );
}

/** The step that is under way, how long the job takes until now, and how long it usually does. */
function Progress({ job }: { readonly job: Job }) {
  const { host } = useHost();
  const usually = host ? usualMs(host.typical, job.kind) : null;
  const now = useNow(250);
  const elapsed = elapsedMs(job, now);
  const step = job.steps.findLast(({ status }) => status === 'running') ?? job.steps.at(-1);
  // What takes longer than usual shows no end that it may not have.
  const isUsual = usually !== null && elapsed < usually;
  return (
    <>
      <span className="figure">
        <span className="step">{step ? stepWords[step.name] : 'Waiting for its turn'}</span>{' '}
        <i>{isUsual ? `${(elapsed / 1_000).toFixed(1)} of ~${formatAbout(usually)}` : formatAbout(elapsed)}</i>
      </span>
      <span className="bar" data-open={!isUsual || undefined} aria-hidden="true">
        <i style={{ inlineSize: isUsual ? `${(elapsed / usually) * 100}%` : '100%' }} />
      </span>
    </>
  );
}
