/** One workspace in the list. Its two lines keep their height whatever happens to it. */
import type { Workspace } from '@tidepool/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { StatusShape } from '../components/status-shape.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useConnection, useJob } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { MainActionButton } from '../workspaces/main-action-button.tsx';
import { PortLink } from '../workspaces/port-link.tsx';
import { formatMemory } from '../workspaces/size.ts';
import { statusLine } from '../workspaces/status-words.ts';
import { stepWords } from '../workspaces/step-words.ts';
import { formatCores, usageNow } from '../workspaces/usage.ts';
import { WorkspaceMenu } from '../workspaces/workspace-menu.tsx';

export const WorkspaceRow = memo(function WorkspaceRow({ workspace }: { readonly workspace: Workspace }) {
  const { name, status, ports, lastAccessedAt } = workspace;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: `display: grid` takes a row's role away
    <tr role="row" data-status={status}>
      <td className="cell-name">
        <StatusShape status={status} />
        <Link className="name" to={paths.workspace(name)}>
          {name}
        </Link>
        <Why workspace={workspace} />
      </td>
      <td className="cell-size mono">
        <Size workspace={workspace} />
      </td>
      <td className="cell-ports">
        {ports.map((port) => (
          <PortLink key={port.port} port={port} workspaceName={name} />
        ))}
      </td>
      <td className="cell-last">
        <TimeAgo at={lastAccessedAt} />
      </td>
      <td className="cell-action">
        <MainActionButton workspace={workspace} place="row" />
      </td>
      <td className="cell-menu">
        <WorkspaceMenu workspace={workspace} size="small" hasPage />
      </td>
    </tr>
  );
});

/** How large it is; of one that runs, how much of that it takes now. */
function Size({ workspace }: { readonly workspace: Workspace }) {
  const { cpus, memoryMiB } = workspace;
  const taken = usageNow(workspace, useNow(10_000));
  if (!taken) {
    return (
      <>
        {cpus} CPU, {formatMemory(memoryMiB)}
      </>
    );
  }
  return (
    <>
      <span className="taken">
        {taken.cpus === null ? `${cpus} CPU` : `${formatCores(taken.cpus)} of ${cpus} CPU`}
        <span className="sr">, </span>
      </span>
      <span className="taken">
        {formatMemory(taken.memoryMiB)} of {formatMemory(memoryMiB)}
      </span>
    </>
  );
}

/** The word, and why it is so; for what is under way, the step it is at. */
function Why({ workspace }: { readonly workspace: Workspace }) {
  const { state } = useConnection();
  const now = useNow(10_000);
  const job = useJob(workspace.jobId);
  const { word, why } = statusLine(workspace, now);
  const step = job?.steps.findLast((each) => each.status === 'running');
  const isStale = state === 'lost' && workspace.status !== 'error';
  const more = step && state === 'live' ? stepWords[step.name] : why;
  const separator =
    step && state === 'live' ? ' · ' : /^(for|on|by|when) /.test(more) || workspace.status === 'error' ? ' ' : ', ';
  return (
    <span className="why" title={`${word} ${why}`}>
      <b>{isStale ? `Was ${word.toLowerCase()}` : word}</b>
      {more !== '' && `${separator}${more}`}
    </span>
  );
}
