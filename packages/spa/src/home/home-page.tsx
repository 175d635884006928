/** All workspaces: what each is, since when and why, and the one action that makes sense now. */
import { Link, useSearchParams } from 'react-router';
import { Icon } from '../components/icon.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useWorkspaces } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { type Filter, filterOf, filterQuery, matches } from '../workspaces/filter.ts';
import { EmptyHome } from './empty-home.tsx';
import { Filters } from './filters.tsx';
import { HostGauge } from './host-gauge.tsx';
import { NoMatch } from './no-match.tsx';
import { ShutdownBanner } from './shutdown-banner.tsx';
import { WorkspaceTable, WorkspaceTableSkeleton } from './workspace-table.tsx';

export function HomePage() {
  usePageTitle('Workspaces');
  const { workspaces, isComplete, problem, readAgain } = useWorkspaces();
  const [query, setQuery] = useSearchParams();
  const filter = filterOf(query);
  const setFilter = (next: Filter) => setQuery(filterQuery(next), { replace: true });
  const shown = workspaces.filter((workspace) => matches(workspace, filter));

  if (isComplete && workspaces.length === 0) {
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
        <span className="count">{workspaces.length > 0 && workspaces.length}</span>
        <Link
          className="button button-primary push"
          to={paths.create()}
          aria-keyshortcuts="N"
          aria-label="New workspace"
        >
          <Icon name="plus" />
          <span>
            New<span className="wide-only"> workspace</span>
          </span>
          <span className="key wide-only" aria-hidden="true">
            N
          </span>
        </Link>
      </div>
      <ShutdownBanner workspaces={workspaces} />
      <HostGauge workspaces={workspaces} />
      <Filters filter={filter} onChange={setFilter} workspaces={workspaces} />
      {problem && workspaces.length === 0 && (
        <ProblemNote problem={problem} title="The workspaces could not be read">
          <button type="button" className="button button-plain button-small" onClick={readAgain}>
            Try again
          </button>
        </ProblemNote>
      )}
      {workspaces.length === 0 && !problem && <WorkspaceTableSkeleton />}
      {shown.length > 0 && <WorkspaceTable workspaces={shown} />}
      {workspaces.length > 0 && shown.length === 0 && (
        <NoMatch filter={filter} onClear={() => setFilter({ search: '', group: null })} />
      )}
    </>
  );
}
