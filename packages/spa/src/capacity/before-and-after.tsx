/** The host's memory now and then: who goes, who comes, what stays. */
import { Gauge, GaugePart } from '../components/gauge.tsx';
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
  const stay = <GaugePart look="taken" mib={stayMiB} label={<span>{formatMemory(stayMiB)} in others</span>} />;
  return (
    <div className="before-after">
      <span>Now</span>
      <Gauge label="Memory of this host now">
        {stay}
        {chosen.map(({ workspace: { id, name }, givesMiB }) => (
          <GaugePart key={id} look="give" mib={givesMiB} label={<span>{name}</span>} />
        ))}
        <GaugePart look="free" mib={freeMiB} label={<span>{formatMemory(freeMiB)} free</span>} />
      </Gauge>
      <span>Then</span>
      <Gauge label="Memory of this host then">
        {stay}
        <GaugePart look="new" mib={fitMiB} label={<span>{wanted}</span>} />
        <GaugePart look="over" mib={neededMiB - fitMiB} label={null} />
        <GaugePart look="free" mib={roomMiB - fitMiB} label={<span>{formatMemory(roomMiB - fitMiB)} free</span>} />
      </Gauge>
    </div>
  );
}
