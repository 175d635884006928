/** «3 min ago» in the browser's language, with the exact local time and its zone where a pointer or the focus is on it. */
import { useNowAs } from '../live/use-now.ts';
import { formatAgo, formatExact } from '../workspaces/durations.ts';
import type { Tip } from './tip.ts';
import { Tooltip } from './tooltip.tsx';

export interface TimeAgoProps {
  readonly at: string | null;
  /** Said where there is no such time yet. */
  readonly never?: string;
  /** In place of «3 min ago». */
  readonly words?: string | undefined;
  /** Of the words, where the exact time is shown. */
  readonly side?: Tip['side'];
}

export function TimeAgo({ at, never = 'never', words, side }: TimeAgoProps) {
  return at === null ? <span>{never}</span> : <Ago at={at} words={words} side={side} />;
}

function Ago({ at, words, side }: Pick<TimeAgoProps, 'words' | 'side'> & { readonly at: string }) {
  const time = Date.parse(at);
  // Looked at often, drawn anew only where the words have changed.
  const ago = useNowAs(10_000, (now) => formatAgo(time, now));
  const exact = formatExact(time);
  return (
    <Tooltip text={exact} side={side}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is for keyboards too */}
      <time className="time-ago" dateTime={at} tabIndex={0}>
        {words ?? ago}
        <span className="sr">, {exact}</span>
      </time>
    </Tooltip>
  );
}
