/** The host's memory: who takes how much of it, and what is free. */
import { occupying, type Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { Gauge } from '../components/gauge.tsx';
import { useHost } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { formatMemory, gibOf } from '../workspaces/size.ts';

export function HostGauge({ workspaces }: { readonly workspaces: readonly Workspace[] }) {
  const { host } = useHost();
  if (!host) return <div className="panel gauge gauge-empty" aria-hidden="true" />;
  const { capacity, defaults, observed, worker } = host;
  const holders = workspaces.filter(({ status }) => occupying.includes(status));
  const held = holders.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  const room = Math.floor(capacity.freeMiB / defaults.memoryMiB);
  return (
    <section className="panel gauge" aria-label="Capacity of this host">
      <div className="gauge-head">
        <span>
          Memory <b>{`${gibOf(capacity.usedMiB)} of ${gibOf(capacity.budgetMiB)} GiB`}</b> taken
        </span>
        {observed && (
          <span>
            Disk <b>{formatMemory(observed.disk.freeMiB)}</b> free
          </span>
        )}
        {!worker.alive && <span className="bad">No worker answers; changes wait for it</span>}
        <span className="push">
          Room for <b>{room} more</b>, {formatMemory(defaults.memoryMiB)} each
        </span>
      </div>
      <Gauge
        label="Memory by workspace"
        parts={[
          ...holders.map(({ id, name, memoryMiB }) => ({
            key: id,
            look: 'taken' as const,
            mib: memoryMiB,
            title: `${name}: ${formatMemory(memoryMiB)}`,
            label: (
              <Link to={paths.workspace(name)}>
                {name}
                <span className="sr">, {formatMemory(memoryMiB)}</span>
              </Link>
            ),
          })),
          {
            // A failed workspace may hold memory too: what the server counts and these do not.
            key: 'others',
            look: 'taken',
            mib: Math.max(0, capacity.usedMiB - held),
            label: <span>held by failed ones</span>,
          },
          {
            key: 'free',
            look: 'free',
            mib: capacity.freeMiB,
            label: <span>{formatMemory(capacity.freeMiB)} free</span>,
          },
        ]}
      />
    </section>
  );
}
