/** One workspace in the list. From 1200 px its two lines keep their height whatever happens to it. */
import type { Workspace } from '@tidepool/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { StatusShape } from '../components/status-shape.tsx';
import { useConnection } from '../live/hooks.ts';
import { useNowAs } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { LastUse } from '../workspaces/last-use.tsx';
import { MainActionButton } from '../workspaces/main-action-button.tsx';
import { Since } from '../workspaces/since.tsx';
import { statusLine } from '../workspaces/status-words.ts';
import { WorkspaceMenu } from '../workspaces/workspace-menu.tsx';
import { RowFigures } from './row-figures.tsx';
import { RowPorts } from './row-ports.tsx';

export interface WorkspaceRowProps {
  readonly workspace: Workspace;
  readonly index: number;
  /** Pixels from the top of a long list's body; in a short one rows follow each other. */
  readonly start?: number;
  /** For rows whose height follows what they say. */
  readonly measure?: ((row: HTMLTableRowElement | null) => void) | undefined;
}

export const WorkspaceRow = memo(function WorkspaceRow({ workspace, index, start, measure }: WorkspaceRowProps) {
  const { id, name, status, image } = workspace;
  return (
    <tr
      // biome-ignore lint/a11y/noRedundantRoles: `display: grid` takes a row's role away
      role="row"
      ref={measure}
      tabIndex={-1}
      aria-rowindex={index + 2}
      data-index={index}
      data-id={id}
      data-status={status}
      style={{ insetBlockStart: start }}
    >
      <td className="cell-name">
        <StatusShape status={status} />
        <Link className="name" to={paths.workspace(name)}>
          {name}
        </Link>
        <span className="why">
          <Why workspace={workspace} />
          <span className="below-wide">
            {imageName(image)} · <LastUse workspace={workspace} isPlain />
          </span>
        </span>
      </td>
      <td className="cell-image mono" title={image}>
        {imageName(image)}
      </td>
      <td className="cell-ports">
        <RowPorts workspace={workspace} />
      </td>
      <RowFigures workspace={workspace} />
      <td className="cell-last">
        <LastUse workspace={workspace} />
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

/** Keeps the room of a row that is being read. */
export function WaitingRow({ index, start }: Pick<WorkspaceRowProps, 'index' | 'start'>) {
  return (
    <tr
      className="row-waiting"
      // biome-ignore lint/a11y/noRedundantRoles: as above
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      style={{ insetBlockStart: start }}
    >
      <td>
        <span className="sr">Being read</span>
        <i />
        <i />
      </td>
    </tr>
  );
}

/** The word, since when, and why it is so. */
function Why({ workspace }: { readonly workspace: Workspace }) {
  const { state } = useConnection();
  // Drawn anew only where the words have changed; the time counts for itself.
  const reason = useNowAs(10_000, (now) => {
    const { joint, why } = statusLine(workspace, now);
    return `${joint}${why}`;
  });
  const { word, since } = statusLine(workspace, 0);
  const isStale = state === 'lost' && workspace.status !== 'error';
  return (
    <span>
      <b>{isStale ? `Was ${word.toLowerCase()}` : word}</b>
      {since !== null && (
        <>
          {' '}
          <Since at={since} />
        </>
      )}
      {reason !== '' && <span title={`${word}${reason}`}>{reason}</span>}
    </span>
  );
}

/** `workspace@3f9c2a` is a version of the image `workspace`. */
function imageName(image: string): string {
  return image.split('@')[0] ?? image;
}
