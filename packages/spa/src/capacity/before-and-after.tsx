/** The host's memory now and then: who goes, who comes, what stays. */
import { Gauge, type GaugePart } from '../components/gauge.tsx';
import { formatMemory } from '../workspaces/size.ts';
import { type Candidate, givenBy } from './candidates.ts';
import type { Shortfall } from './use-shortfall.ts';

export interface BeforeAndAfterProps {
  readonly wanted: string;
  readonly shortfall: Shortfall;
  readonly chosen: readonly Candidate[];
}

export function BeforeAndAfter({ wanted, shortfall, chosen }: BeforeAndAfterProps) {
  const { budgetMiB, freeMiB, neededMiB } = shortfall;
  const stayMiB = budgetMiB - freeMiB - givenBy(chosen);
  const roomMiB = budgetMiB - stayMiB;
  const fitMiB = Math.min(neededMiB, roomMiB);
  const stay: GaugePart = {
    key: 'stay',
    look: 'taken',
    mib: stayMiB,
    label: <span>{formatMemory(stayMiB)} in others</span>,
  };
  const free = (mib: number): GaugePart => ({
    key: 'free',
    look: 'free',
    mib,
    label: <span>{formatMemory(mib)} free</span>,
  });
  return (
    <div className="before-after">
      <span>Now</span>
      <Gauge
        label="Memory of this host now"
        parts={[
          stay,
          ...chosen.map(
            ({ workspace: { id, name }, givesMiB }): GaugePart => ({
              key: id,
              look: 'give',
              mib: givesMiB,
              label: <span>{name}</span>,
            }),
          ),
          free(freeMiB),
        ]}
      />
      <span>Then</span>
      <Gauge
        label="Memory of this host then"
        parts={[
          stay,
          { key: 'wanted', look: 'new', mib: fitMiB, label: <span>{wanted}</span> },
          { key: 'over', look: 'over', mib: neededMiB - fitMiB, label: null },
          free(roomMiB - fitMiB),
        ]}
      />
    </div>
  );
}
