/** The host's memory: who takes how much of it, and what is free. */
import type { Workspace } from '@tidepool/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { Gauge, GaugePart } from '../components/gauge.tsx';
import { useHost } from '../live/hooks.ts';
import { useOccupying } from '../live/lists.ts';
import { useNow } from '../live/use-now.ts';
import { paths } from '../routing/paths.ts';
import { formatMemory, gibOf, memoryOf } from '../workspaces/size.ts';
import { formatCores, shareOf, usageNow } from '../workspaces/usage.ts';

/** Drawn anew only by what it shows: not by each event that the page around it hears of. */
export const HostGauge = memo(function HostGauge() {
  const { host } = useHost();
  const { workspaces: holders } = useOccupying();
  const now = useNow(10_000);
  if (!host) return <div className="panel gauge gauge-empty" aria-hidden="true" />;
  const { capacity, defaults, observed, worker } = host;
  const held = holders.reduce((sum, workspace) => sum + heldBy(workspace), 0);
  const measured = holders.flatMap((workspace) => usageNow(workspace, now) ?? []);
  const cpus = measured.reduce((sum, taken) => sum + (taken.cpus ?? 0), 0);
  const room = Math.floor(capacity.freeMiB / defaults.memoryMiB);
  return (
    <section className="panel gauge" aria-label="Capacity of this host">
      <div className="gauge-head">
        <span>
          Memory <b>{`${gibOf(capacity.usedMiB)} of ${gibOf(capacity.budgetMiB)} GiB`}</b> taken
        </span>
        {observed && measured.length > 0 && (
          <span>
            CPU <b>{`${formatCores(cpus)} of ${observed.cpus}`}</b> in use
          </span>
        )}
        {observed && (
          <span>
            Disk <b>{formatMemory(observed.disk.freeMiB)}</b> free
          </span>
        )}
        {!worker.alive && <span className="bad">No worker answers; changes wait for it</span>}
        <span className="push">
          {room > 0 ? 'Room for ' : 'No room for '}
          <b>{room > 0 ? `${room} more` : 'another'}</b> of {formatMemory(defaults.memoryMiB)}
        </span>
      </div>
      <Gauge label="Memory by workspace">
        {holders.map((workspace) => (
          <Holder key={workspace.id} workspace={workspace} now={now} budgetMiB={capacity.budgetMiB} />
        ))}
        {/* A failed workspace may hold memory too: what the server counts and these do not. */}
        <GaugePart look="taken" mib={Math.max(0, capacity.usedMiB - held)} label={<span>held by failed ones</span>} />
        <GaugePart look="free" mib={capacity.freeMiB} label={<span>{formatMemory(capacity.freeMiB)} free</span>} />
      </Gauge>
    </section>
  );
});

/** Of the whole: a part that takes less is a target narrower than 24 px on a phone, and the list below has the same link. */
const wideEnough = 0.085;

interface HolderProps {
  readonly workspace: Workspace;
  /** Milliseconds of the server's clock. */
  readonly now: number;
  readonly budgetMiB: number;
}

const Holder = memo(function Holder({ workspace, now, budgetMiB }: HolderProps) {
  const { name } = workspace;
  const mib = heldBy(workspace);
  const taken = usageNow(workspace, now);
  const { now: inUse, size } = memoryOf(taken?.memoryMiB ?? 0, mib);
  const words = taken ? `${inUse} ${size} in use` : formatMemory(mib);
  const label = (
    <>
      {name}
      <span className="sr">, {words}</span>
    </>
  );
  return (
    <GaugePart
      look="taken"
      mib={mib}
      filled={taken ? shareOf(taken.memoryMiB, mib) : undefined}
      title={`${name}: ${words}`}
      label={mib >= wideEnough * budgetMiB ? <Link to={paths.workspace(name)}>{label}</Link> : <span>{label}</span>}
    />
  );
});

/** What the present run was given; of one that is only on its way, what it is to get. */
function heldBy({ inForce, memoryMiB }: Workspace): number {
  return inForce?.memoryMiB ?? memoryMiB;
}
