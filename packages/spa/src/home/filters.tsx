/** Search and status. What is asked is in the address bar, how many there are comes from the server. */
import type { Status } from '@tidepool/core';
import { Icon } from '../components/icon.tsx';
import { plural } from '../workspaces/durations.ts';
import { countOf, groupWords, longestSearch, statusGroups } from '../workspaces/filter.ts';
import type { ListAddress } from './use-list-address.ts';

export interface FiltersProps {
  readonly address: ListAddress;
  readonly counts: Readonly<Record<Status, number>> | undefined;
  readonly total: number;
  readonly isSearching: boolean;
  /** From the field down into the list. */
  readonly onDown: () => void;
}

export function Filters({ address, counts, total, isSearching, onDown }: FiltersProps) {
  const { filter, text, type, change } = address;
  const groups = [null, ...statusGroups] as const;
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
          maxLength={longestSearch}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && text === '') event.currentTarget.blur();
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onDown();
          }}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
      </search>
      <fieldset className="chips">
        <legend className="sr">Filter by status</legend>
        {groups.map((group) => (
          <button
            key={group}
            type="button"
            className="chip"
            aria-pressed={filter.group === group}
            onClick={() => change({ group })}
          >
            {group ? groupWords[group] : 'All'}{' '}
            <span className="count" data-some={(group === 'error' && counts && counts.error > 0) || undefined}>
              {counts && countOf(counts, group)}
            </span>
          </button>
        ))}
      </fieldset>
      <p className="found" role="status" data-waiting={isSearching || undefined}>
        {filter.search !== '' && (isSearching ? `Searching for “${filter.search}”` : plural(total, 'match', 'matches'))}
      </p>
    </div>
  );
}
