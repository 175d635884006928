/** What workspaces are made from: each image that is built, and how many keep it. */
import { useQuery } from '@tanstack/react-query';
import { type ImageRecord, imageReference } from '@tidepool/core';
import { CopyButton } from '../components/copy-button.tsx';
import { Panel } from '../components/panel.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useServices } from '../services/services.ts';
import { plural } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { imagesQuery } from './host-queries.ts';

const buildCommand = 'npm run tidepool -- image build';

export function ImagesPanel({ images }: { readonly images: readonly ImageRecord[] }) {
  const { data } = useQuery(imagesQuery(useServices()));
  const made = new Map(data?.items.map(({ reference, workspaces }) => [reference, workspaces]));
  const inOrder = [...images].sort((a, b) => Number(b.current) - Number(a.current) || (a.builtAt < b.builtAt ? 1 : -1));
  return (
    <Panel title="Images">
      {images.length === 0 ? (
        <div className="panel-body stack-small">
          <p className="help">None is built yet, so no workspace can be made. This builds one:</p>
          <span className="copy">
            <code>{buildCommand}</code>
            <CopyButton text={buildCommand} label="Copy the command" />
          </span>
        </div>
      ) : (
        <ul className="image-list">
          {inOrder.map((image) => (
            <li key={imageReference(image)} className="image-row">
              <span>
                <b>{image.name}</b> <code>{image.version}</code>
                {image.current && <span className="tag">for new workspaces</span>}
              </span>
              <span className="muted">
                {image.sizeMiB !== null && `${formatMemory(image.sizeMiB)}, `}built <TimeAgo at={image.builtAt} />
              </span>
              <span className="muted">{keptBy(made.get(imageReference(image)))}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Empty until it is known. */
function keptBy(workspaces: number | undefined): string {
  if (workspaces === undefined) return '';
  return workspaces === 0 ? 'no workspace' : plural(workspaces, 'workspace');
}
