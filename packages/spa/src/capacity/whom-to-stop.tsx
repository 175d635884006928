/** Who would be stopped, since when nobody used it, and what that gives back. */
import { Gauge } from '../components/gauge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useHost, useKnown } from '../live/hooks.ts';
import { formatMemory, isOrAre } from '../workspaces/size.ts';
import type { Offer } from './offer.ts';

export interface WhomToStopProps {
  readonly stop: NonNullable<Offer['stop']>;
  readonly neededMiB: number | undefined;
}

export function WhomToStop({ stop: { id, name, lastAccessedAt }, neededMiB }: WhomToStopProps) {
  const { host } = useHost();
  const givesMiB = useKnown((state) => state.workspaces.get(id)?.memoryMiB);
  const capacity = host?.capacity;
  const missing = capacity && givesMiB !== undefined ? (neededMiB ?? 0) - capacity.freeMiB - givesMiB : 0;
  return (
    <div className="stack">
      <p>
        <b className="mono">{name}</b> is unused the longest:{' '}
        {lastAccessedAt === null ? (
          'nobody has opened it yet.'
        ) : (
          <>
            last used <TimeAgo at={lastAccessedAt} />.
          </>
        )}
        {givesMiB !== undefined && ` Stopping it gives back ${formatMemory(givesMiB)}.`} Its files stay; its programs
        and terminals end.
      </p>
      {capacity && givesMiB !== undefined && (
        <Gauge
          label="Memory of this host"
          parts={[
            { key: 'others', look: 'taken', mib: capacity.usedMiB - givesMiB, label: <span>others</span> },
            { key: 'give', look: 'give', mib: givesMiB, label: <span>{name}</span> },
            {
              key: 'free',
              look: 'free',
              mib: capacity.freeMiB,
              label: <span>{formatMemory(capacity.freeMiB)} free</span>,
            },
          ]}
        />
      )}
      {missing > 0 && (
        <p className="help">
          That alone is not enough: {formatMemory(missing)} more {isOrAre(missing)} needed. You will be asked about the
          next one.
        </p>
      )}
    </div>
  );
}
