/** «3 min ago», with the exact local time where a pointer or the focus is on it. */
import { useNow } from '../live/use-now.ts';
import { formatAgo, formatExact } from '../workspaces/durations.ts';

export function TimeAgo({ at, never = 'never' }: { readonly at: string | null; readonly never?: string }) {
  const now = useNow(10_000);
  if (at === null) return <span>{never}</span>;
  const time = Date.parse(at);
  return (
    <span className="has-tip">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is for keyboards too */}
      <time className="time-ago" dateTime={at} tabIndex={0}>
        {formatAgo(time, now)}
        <span className="sr">, {formatExact(time)}</span>
      </time>
      <span className="tip" aria-hidden="true">
        {formatExact(time)}
      </span>
    </span>
  );
}
