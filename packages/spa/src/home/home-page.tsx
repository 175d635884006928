/** All workspaces: what each is, since when and why, and the one action that makes sense now. */
import { Suspense, useDeferredValue, useRef } from 'react';
import { Link } from 'react-router';
import { Icon } from '../components/icon.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useHost } from '../live/hooks.ts';
import { useEndedUnasked, useWorkspaceList } from '../live/lists.ts';
import { NoMatch } from '../routing/later.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { countOf, statusesOf } from '../workspaces/filter.ts';
import { EmptyHome } from './empty-home.tsx';
import { Filters } from './filters.tsx';
import { HomeSkeleton } from './home-skeleton.tsx';
import { HostGauge } from './host-gauge.tsx';
import { ShutdownBanner } from './shutdown-banner.tsx';
import { useListAddress } from './use-list-address.ts';
import { type ListHandle, WorkspaceTable } from './workspace-table.tsx';

export function HomePage() {
  usePageTitle('Workspaces');
  const address = useListAddress();
  const { search, group, sort } = address.filter;
  const list = useWorkspaceList({ search, statuses: statusesOf(group), sort });
  const ended = useEndedUnasked();
  const { host, problem: hostProblem } = useHost();
  const table = useRef<ListHandle>(null);
  const { counts, total, problem } = list;

  // What stands above the list comes with it: nothing that is shown moves when the rest arrives.
  const isRead =
    problem !== null ||
    (list.isRead && counts !== undefined && (ended.isComplete || ended.problem) && (host || hostProblem));
  // All of it is drawn for the first time here: in slices, between which the browser answers.
  const isReady = useDeferredValue(isRead);
  const isEmpty =
    total === 0 && !list.isSearching && search === '' && (!group || (counts && countOf(counts, null) === 0));
  if (isReady && isEmpty && !problem) {
    return (
      <>
        <h1 className="sr">Workspaces</h1>
        <EmptyHome />
      </>
    );
  }
  return (
    <>
      <div className="head">
        <h1>Workspaces</h1>
        <span className="count">{isReady && search === '' && counts && countOf(counts, null)}</span>
        <NewWorkspaceLink />
      </div>
      {isReady ? (
        <>
          <ShutdownBanner ended={ended.workspaces} />
          <HostGauge />
          <Filters
            address={address}
            counts={counts}
            total={total}
            isSearching={list.isSearching || address.text.trim() !== search}
            onDown={() => table.current?.focusFirst()}
          />
          {problem && (
            <ProblemNote problem={problem} title="The workspaces could not be read">
              <button type="button" className="button button-plain button-small" onClick={list.readAgain}>
                Try again
              </button>
            </ProblemNote>
          )}
          {!problem && total > 0 && (
            <WorkspaceTable ref={table} list={list} sort={sort} onSort={(next) => address.change({ sort: next })} />
          )}
          {!problem && total === 0 && (
            <Suspense>
              <NoMatch address={address} elsewhere={counts ? countOf(counts, null) : 0} />
            </Suspense>
          )}
        </>
      ) : (
        <HomeSkeleton />
      )}
    </>
  );
}

function NewWorkspaceLink() {
  return (
    <Link className="button button-primary push" to={paths.create()} aria-keyshortcuts="N">
      <Icon name="plus" />
      <span>
        New<span className="wide-seen"> workspace</span>
      </span>
      <span className="key wide-only" aria-hidden="true">
        N
      </span>
    </Link>
  );
}
