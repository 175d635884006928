/** What is left of the disks that Tidepool lives on. */
import type { HostRecord } from '@tidepool/core';
import { Meter } from '../components/meter.tsx';
import { Panel } from '../components/panel.tsx';
import { formatMemory } from '../workspaces/size.ts';
import { shareOf } from '../workspaces/usage.ts';

export function DiskPanel({ observed: { disk, storage } }: { readonly observed: HostRecord }) {
  return (
    <Panel title="Disk">
      <div className="panel-body">
        <ul className="meters">
          {storage && <Space label={`Workspaces, pool ${storage.name}`} space={storage} />}
          <Space label={storage ? 'Tidepool itself' : 'Tidepool and its workspaces'} space={disk} />
        </ul>
      </div>
    </Panel>
  );
}

function Space({
  label,
  space: { freeMiB, totalMiB },
}: {
  readonly label: string;
  readonly space: HostRecord['disk'];
}) {
  return (
    <Meter
      label={label}
      words={`${formatMemory(freeMiB)} of ${formatMemory(totalMiB)} free`}
      share={shareOf(totalMiB - freeMiB, totalMiB)}
    />
  );
}
