/** Search and status, kept in the address bar. */
import type { Workspace } from '@tidepool/core';
import { Icon } from '../components/icon.tsx';
import { type Filter, groupOf, groupWords, type StatusGroup, statusGroups } from '../workspaces/filter.ts';

export interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly workspaces: readonly Workspace[];
}

export function Filters({ filter, onChange, workspaces }: FiltersProps) {
  const count = (group: StatusGroup) => workspaces.filter(({ status }) => groupOf(status) === group).length;
  return (
    <div className="filters">
      <search className="search">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          placeholder="Name, image or port"
          aria-label="Search workspaces"
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          value={filter.search}
          onChange={(event) => onChange({ ...filter, search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && filter.search === '') event.currentTarget.blur();
          }}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
      </search>
      <fieldset className="chips">
        <legend className="sr">Filter by status</legend>
        <Chip
          label="All"
          count={workspaces.length}
          isOn={filter.group === null}
          onPress={() => onChange({ ...filter, group: null })}
        />
        {statusGroups.map((group) => (
          <Chip
            key={group}
            label={groupWords[group]}
            count={count(group)}
            isOn={filter.group === group}
            onPress={() => onChange({ ...filter, group })}
          />
        ))}
      </fieldset>
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly onPress: () => void;
}

function Chip({ label, count, isOn, onPress }: ChipProps) {
  return (
    <button type="button" className="chip" aria-pressed={isOn} onClick={onPress}>
      {label} <span className="count">{count}</span>
    </button>
  );
}
