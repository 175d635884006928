/** Everything that happened to a workspace, by day, read page by page. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { problemOf } from '../../api/problem-of.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import { activityQuery } from '../../live/queries.ts';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { useServices } from '../../services/services.ts';
import { formatDay } from '../../workspaces/durations.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { groupActivity } from './group-activity.ts';
import { Timeline } from './timeline.tsx';

export function ActivitySection() {
  const { id, name } = usePageWorkspace();
  usePageTitle(`Activity of ${name}`);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    activityQuery(useServices(), id),
  );
  const entries = groupActivity((data?.pages ?? []).flatMap(({ items }) => items));
  const days = Map.groupBy(entries, ({ head }) => formatDay(Date.parse(head.at)));
  return (
    <section className="panel" aria-label={`Activity of ${name}`}>
      {error && <ProblemNote problem={problemOf(error)} title="The activity could not be read" />}
      {data && entries.length === 0 && <Timeline entries={entries} />}
      {[...days].map(([day, ofDay]) => (
        <div key={day}>
          <h2 className="day">{day}</h2>
          <Timeline entries={ofDay} />
        </div>
      ))}
      {hasNextPage && (
        <div className="panel-foot">
          <button
            type="button"
            className="button button-plain"
            aria-busy={isFetchingNextPage || undefined}
            onClick={() => void fetchNextPage()}
          >
            Show earlier
          </button>
        </div>
      )}
    </section>
  );
}
