/** Everything that happened to a workspace, by day, read page by page as one goes down. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { problemOf } from '../../api/problem-of.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import { activityQuery } from '../../live/queries.ts';
import { useNowAs } from '../../live/use-now.ts';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { useServices } from '../../services/services.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { dayHeading, startOfDay } from './day-heading.ts';
import { groupActivity } from './group-activity.ts';
import { Timeline } from './timeline.tsx';

export function ActivitySection() {
  const { id, name } = usePageWorkspace();
  usePageTitle(`Activity of ${name}`);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    activityQuery(useServices(), id),
  );
  const entries = useMemo(() => groupActivity((data?.pages ?? []).flatMap(({ items }) => items)), [data]);
  const days = Map.groupBy(entries, ({ head }) => startOfDay(Date.parse(head.at)));
  // At midnight «today» becomes «yesterday».
  const today = useNowAs(10_000, startOfDay);
  return (
    // What comes on top pushes nothing away: the browser keeps what one reads where it is (overflow-anchor).
    <section className="panel activity" aria-label={`Activity of ${name}`}>
      {error && <ProblemNote problem={problemOf(error)} title="The activity could not be read" />}
      {data && entries.length === 0 && <Timeline entries={entries} />}
      {[...days].map(([day, ofDay]) => (
        <div key={day}>
          <h2 className="day">{dayHeading(day, today)}</h2>
          <Timeline entries={ofDay} opensWork />
        </div>
      ))}
      {hasNextPage && <Earlier isFetching={isFetchingNextPage} onReached={() => void fetchNextPage()} />}
      {data && !hasNextPage && entries.length > 0 && <p className="panel-foot">This is all that is kept.</p>}
    </section>
  );
}

/** Reads on when one comes near it, or by hand. */
function Earlier({ isFetching, onReached }: { readonly isFetching: boolean; readonly onReached: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const reached = useRef(onReached);
  useEffect(() => {
    reached.current = onReached;
  });
  useEffect(() => {
    const { current } = button;
    if (!current || isFetching) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) reached.current();
      },
      { rootMargin: '400px' },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [isFetching]);
  return (
    <div className="panel-foot">
      <button
        ref={button}
        type="button"
        className="button button-plain"
        aria-busy={isFetching || undefined}
        onClick={onReached}
      >
        Earlier
      </button>
    </div>
  );
}
