/** Those that could be stopped: since when nobody used each, what would end with it, what it gives back. */
import { useId } from 'react';
import { Icon } from '../components/icon.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useNow } from '../live/use-now.ts';
import { formatMemory } from '../workspaces/size.ts';
import { type Candidate, isInUse, verdict, whatRuns } from './candidates.ts';

export interface CandidateListProps {
  readonly candidates: readonly Candidate[];
  readonly ids: readonly string[];
  readonly missingMiB: number;
  readonly isSeveral: boolean;
  readonly onChange: (ids: readonly string[]) => void;
  /** To choose several where one would do. */
  readonly onSeveral?: () => void;
}

export function CandidateList({ candidates, ids, missingMiB, isSeveral, onChange, onSeveral }: CandidateListProps) {
  const name = useId();
  return (
    <fieldset>
      <legend className="field-legend">{isSeveral ? 'Stop these' : 'Stop'}</legend>
      <div className="choices">
        {candidates.map((candidate, index) => {
          const { id } = candidate.workspace;
          const isChosen = ids.includes(id);
          return (
            <label className="choice" key={id}>
              <input
                type={isSeveral ? 'checkbox' : 'radio'}
                name={name}
                checked={isChosen}
                data-autofocus={isChosen && id === ids[0] ? true : undefined}
                onChange={() => onChange(isSeveral ? toggled(ids, id) : [id])}
              />
              <b className="mono">{candidate.workspace.name}</b>
              <Use candidate={candidate} isFirst={index === 0} />
              <span className="gives">
                <b>gives back {formatMemory(candidate.givesMiB)}</b>
                {!isSeveral && <span>{verdict(candidate.givesMiB, missingMiB)}</span>}
              </span>
            </label>
          );
        })}
      </div>
      {onSeveral && (
        <button type="button" className="button button-quiet button-small several" onClick={onSeveral}>
          Choose several
        </button>
      )}
    </fieldset>
  );
}

function Use({ candidate: { workspace }, isFirst }: { readonly candidate: Candidate; readonly isFirst: boolean }) {
  const now = useNow(10_000);
  const { lastAccessedAt } = workspace;
  const runs = whatRuns(workspace, now);
  return (
    <span className="help">
      {isInUse(workspace, now) ? (
        <span className="bad">
          <Icon name="alert" /> In use now
        </span>
      ) : (
        <>
          {isFirst && 'Unused the longest: '}
          {lastAccessedAt === null ? (
            `${isFirst ? 'nobody' : 'Nobody'} has opened it yet`
          ) : (
            <>
              {isFirst ? 'last used' : 'Last used'} <TimeAgo at={lastAccessedAt} />
            </>
          )}
        </>
      )}
      {runs !== '' && `, ${runs}`}
    </span>
  );
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
}
