/** A search that finds nothing, with two ways on. */
import { workspaceName } from '@tidepool/core';
import { Link } from 'react-router';
import { paths } from '../routing/paths.ts';
import { type Filter, groupWords } from '../workspaces/filter.ts';

export function NoMatch({ filter, onClear }: { readonly filter: Filter; readonly onClear: () => void }) {
  const { search, group } = filter;
  const name = search.trim();
  const which = group ? ` that is ${groupWords[group].toLowerCase()}` : '';
  return (
    <div className="panel no-match" role="status">
      <p>{name === '' ? `No workspace${which} now` : `No workspace${which} matches “${name}”`}</p>
      <div className="row">
        <button type="button" className="button button-plain" onClick={onClear}>
          Show all
        </button>
        {workspaceName.safeParse(name).success && (
          <Link className="button button-plain" to={`${paths.create()}?name=${encodeURIComponent(name)}`}>
            New workspace called {name}
          </Link>
        )}
      </div>
    </div>
  );
}
