/** What workspaces are made from: each image that is built, and how many keep it. */
import { type ImageRecord, imageReference } from '@tidepool/core';
import { CopyButton } from '../components/copy-button.tsx';
import { Panel } from '../components/panel.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useWorkspaces } from '../live/hooks.ts';
import { plural } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';

const buildCommand = 'npm run tidepool -- image build';

export function ImagesPanel({ images }: { readonly images: readonly ImageRecord[] }) {
  const { workspaces } = useWorkspaces();
  const made = (image: ImageRecord) => workspaces.filter((each) => each.image === imageReference(image)).length;
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
            <li key={imageReference(image)}>
              <span>
                <b>{image.name}</b> <code>{image.version}</code>
                {image.current && <span className="tag">for new workspaces</span>}
              </span>
              <span className="muted">
                {image.sizeMiB !== null && `${formatMemory(image.sizeMiB)}, `}built <TimeAgo at={image.builtAt} />
              </span>
              <span className="muted">{made(image) === 0 ? 'no workspace' : plural(made(image), 'workspace')}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
