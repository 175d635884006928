/** What a new workspace takes of the host, before it is made. */
import type { Host } from '@tidepool/core';
import { Gauge } from '../components/gauge.tsx';
import { formatMemory, isOrAre, mibOfInput } from '../workspaces/size.ts';

/** @param memory in GiB, as typed */
export function FitGauge({ host, memory }: { readonly host: Host; readonly memory: string }) {
  const { usedMiB, freeMiB } = host.capacity;
  const asked = mibOfInput(memory);
  const mib = Number.isFinite(asked) && asked > 0 ? asked : 0;
  const fits = Math.min(mib, freeMiB);
  return (
    <div className="stack-small">
      <Gauge
        label="Memory of this host with the new workspace"
        parts={[
          { key: 'used', look: 'taken', mib: usedMiB, label: <span>{formatMemory(usedMiB)} taken</span> },
          { key: 'new', look: 'new', mib: fits, label: <span>+{formatMemory(fits)}</span> },
          { key: 'over', look: 'over', mib: mib - fits, label: null },
          { key: 'free', look: 'free', mib: freeMiB - fits, label: <span>{formatMemory(freeMiB - fits)} free</span> },
        ]}
      />
      <p className="help" role="status">
        {fitSentence(mib, host.capacity)}
      </p>
    </div>
  );
}

function fitSentence(mib: number, { freeMiB, budgetMiB }: Host['capacity']): string {
  if (mib > budgetMiB) return `Larger than the ${formatMemory(budgetMiB)} that this host has for workspaces together.`;
  if (mib > freeMiB) {
    return `Needs ${formatMemory(mib)}, ${formatMemory(freeMiB)} ${isOrAre(freeMiB)} free. You will be offered what to stop for it.`;
  }
  return `Takes ${formatMemory(mib)} of the ${formatMemory(freeMiB)} that ${isOrAre(freeMiB)} free.`;
}
