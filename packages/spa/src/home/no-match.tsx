/** A search that finds nothing, with the ways on. */
import { workspaceName } from '@tidepool/core';
import { Link } from 'react-router';
import { paths } from '../routing/paths.ts';
import { plural } from '../workspaces/durations.ts';
import type { StatusGroup } from '../workspaces/filter.ts';
import type { ListAddress } from './use-list-address.ts';

const whichWords = {
  running: ' that is running',
  changing: ' that is changing',
  stopped: ' that is stopped',
  error: ' with an error',
} as const satisfies Record<StatusGroup, string>;

export interface NoMatchProps {
  readonly address: ListAddress;
  /** How many the search finds in whatever status. */
  readonly elsewhere: number;
}

export function NoMatch({ address, elsewhere }: NoMatchProps) {
  const { search, group } = address.filter;
  const which = group ? whichWords[group] : '';
  // Whoever has this name would have been found.
  const isFree = elsewhere === 0 && workspaceName.safeParse(search).success;
  return (
    <div className="panel no-match">
      <p role="status">{search === '' ? `No workspace${which} now` : `No workspace${which} matches “${search}”`}</p>
      <div className="row">
        {search !== '' && (
          <button type="button" className="button button-plain" onClick={address.clear}>
            Clear
          </button>
        )}
        {group && (search === '' || elsewhere > 0) && (
          <button type="button" className="button button-plain" onClick={() => address.change({ group: null })}>
            {search === '' ? 'Show all' : `Show ${plural(elsewhere, 'other')}`}
          </button>
        )}
        {isFree && (
          <Link className="button button-plain" to={`${paths.create()}?name=${encodeURIComponent(search)}`}>
            New workspace called {search}
          </Link>
        )}
      </div>
    </div>
  );
}
