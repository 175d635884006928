/** What a new workspace takes of the host, before it is made; and what would happen where it does not fit. */
import type { Host } from '@tidepool/core';
import { Gauge, GaugePart } from '../components/gauge.tsx';
import { useLeastUsed } from '../live/lists.ts';
import { formatMemory, freeWords, isOrAre, mibOfInput } from '../workspaces/size.ts';

/** @param memory in GiB, as typed */
export function FitGauge({ host, memory }: { readonly host: Host; readonly memory: string }) {
  const { usedMiB, freeMiB, budgetMiB } = host.capacity;
  const asked = mibOfInput(memory);
  const mib = Number.isFinite(asked) && asked > 0 ? asked : 0;
  const fits = Math.min(mib, freeMiB);
  return (
    <div className="stack-small">
      <Gauge label="Memory of this host with the new workspace">
        <GaugePart look="taken" mib={usedMiB} label={<span>{formatMemory(usedMiB)} taken</span>} />
        <GaugePart look="new" mib={fits} label={<span>+{formatMemory(fits)}</span>} />
        <GaugePart look="over" mib={mib > budgetMiB ? budgetMiB / 4 : mib - fits} label={null} />
        <GaugePart look="free" mib={freeMiB - fits} label={<span>{formatMemory(freeMiB - fits)} free</span>} />
      </Gauge>
      <p className="help" role="status">
        {mib > freeMiB && mib <= budgetMiB ? (
          <DoesNotFit mib={mib} freeMiB={freeMiB} />
        ) : (
          fitSentence(mib, host.capacity)
        )}
      </p>
    </div>
  );
}

function DoesNotFit({ mib, freeMiB }: { readonly mib: number; readonly freeMiB: number }) {
  const first = useLeastUsed().workspaces[0]?.name;
  return (
    <>
      <b>Does not fit now: {freeWords(freeMiB)}.</b>{' '}
      {first === undefined ? (
        `It needs ${formatMemory(mib - freeMiB)} more.`
      ) : (
        <>
          When you create it, you are offered to stop something for it, such as <span className="mono">{first}</span>,
          unused the longest. Nothing is stopped unasked.
        </>
      )}
    </>
  );
}

function fitSentence(mib: number, { freeMiB, budgetMiB }: Host['capacity']): string {
  if (mib === 0) return `Now ${freeWords(freeMiB)}.`;
  if (mib > budgetMiB) return `Larger than the ${formatMemory(budgetMiB)} that this host has for workspaces together.`;
  const left = freeMiB - mib;
  const next = left < mib ? ' The next one of this size will need something stopped first.' : '';
  return `Takes ${formatMemory(mib)} of the ${formatMemory(freeMiB)} that ${isOrAre(freeMiB)} free.${next}`;
}
