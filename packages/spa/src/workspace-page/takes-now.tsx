/** What a running workspace takes now, of what its run was given; and what it is set to, where that is something else. */
import type { Capabilities, Usage, Workspace } from '@tidepool/core';
import { Icon } from '../components/icon.tsx';
import { Meter } from '../components/meter.tsx';
import { Panel } from '../components/panel.tsx';
import { useHost } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { formatMemory } from '../workspaces/size.ts';
import { formatCores, shareOf, usageNow } from '../workspaces/usage.ts';
import { pendingSize, type Size, sizeWords } from './pending-size.ts';

const mibPerGib = 1024;

export function TakesNow({ workspace }: { readonly workspace: Workspace }) {
  const { host } = useHost();
  const taken = usageNow(workspace, useNow(10_000));
  const capabilities = host?.observed?.runtime.capabilities;
  if (workspace.status !== 'running' || !capabilities) return null;
  const pending = pendingSize(workspace);
  return (
    <Panel title="Takes now">
      <div className="panel-body stack-small">
        {taken && <Meters size={workspace.inForce ?? workspace} taken={taken} capabilities={capabilities} />}
        {!taken && (
          <p className="help">{capabilities.usage ? 'Not measured yet.' : 'This runtime cannot measure it.'}</p>
        )}
        {pending && (
          <div className="note note-info">
            <Icon name="info" />
            <p>
              <b>Set to {sizeWords(pending)}.</b> Applies at the next start.
            </p>
          </div>
        )}
      </div>
    </Panel>
  );
}

interface MetersProps {
  readonly size: Size;
  readonly taken: Usage;
  readonly capabilities: Capabilities;
}

function Meters({ size: { cpus, memoryMiB, diskGiB }, taken, capabilities }: MetersProps) {
  return (
    <ul className="meters">
      <Meter
        label="CPU"
        words={taken.cpus === null ? 'measured in a moment' : `${formatCores(taken.cpus)} of ${cpus}`}
        share={taken.cpus === null ? null : shareOf(taken.cpus, cpus)}
      />
      <Meter
        label="Memory"
        words={`${formatMemory(taken.memoryMiB)} of ${formatMemory(memoryMiB)}`}
        share={shareOf(taken.memoryMiB, memoryMiB)}
      />
      <DiskMeter mib={taken.diskMiB} sizeMiB={capabilities.diskLimit ? diskGiB * mibPerGib : null} />
    </ul>
  );
}

/** @param sizeMiB null where it may take what there is */
function DiskMeter({ mib, sizeMiB }: { readonly mib: number | null; readonly sizeMiB: number | null }) {
  if (mib === null) return <Meter label="Disk" words="not counted here" share={null} />;
  if (sizeMiB === null) return <Meter label="Disk" words={formatMemory(mib)} share={null} />;
  return (
    <Meter label="Disk" words={`${formatMemory(mib)} of ${formatMemory(sizeMiB)}`} share={shareOf(mib, sizeMiB)} />
  );
}
