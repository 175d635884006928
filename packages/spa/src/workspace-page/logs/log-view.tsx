/** The lines of a log, of which only those in view are drawn. At the end it stays at the end; elsewhere nothing moves. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Icon } from '../../components/icon.tsx';
import { lazily } from '../../components/lazily.ts';
import { formatExact } from '../../workspaces/durations.ts';
import type { NumberedLine } from './log-lines.ts';
import { partsOf, shownOf } from './search-lines.ts';
import { useUnseen } from './use-unseen.ts';

export interface LogViewProps {
  readonly label: string;
  readonly lines: readonly NumberedLine[];
  readonly search: string;
  /** The line to bring into view, by its number. */
  readonly current: number | null;
  readonly isWrapped: boolean;
}

const lineHeight = 20;
/** Nearer to the end than this is at the end. */
const endPx = 24;

export function LogView({ label, lines, search, current, isWrapped }: LogViewProps) {
  const view = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => view.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.number ?? index,
    overscan: 20,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPx,
  });
  const isEmpty = lines.length === 0;
  useEffect(() => {
    if (!isEmpty) virtualizer.scrollToEnd();
  }, [isEmpty, virtualizer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: gone to once, not again with each line that comes
  useEffect(() => {
    const index = lines.findIndex(({ number }) => number === current);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
  }, [current]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each line has another height then
  useEffect(() => virtualizer.measure(), [isWrapped]);
  const unseen = useUnseen(lines, virtualizer.isAtEnd(endPx));
  return (
    <div className="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must by keyboard too */}
      <div ref={view} className="log log-view" role="log" aria-live="off" tabIndex={0} aria-label={label}>
        <div
          className="log-lines"
          data-wrapped={isWrapped || undefined}
          style={{ blockSize: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const line = lines[index];
            if (!line) return null;
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="log-row"
                data-current={line.number === current || undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Line line={line} search={search} />
              </div>
            );
          })}
        </div>
      </div>
      {unseen !== null && !isEmpty && (
        <button
          type="button"
          className="button button-small button-plain log-end"
          onClick={() => {
            virtualizer.scrollToEnd();
            view.current?.focus();
          }}
        >
          <Icon name="down" /> {unseen === 0 ? 'To the end' : `${unseen} new ${unseen === 1 ? 'line' : 'lines'}`}
        </button>
      )}
    </div>
  );
}

function Line({ line, search }: { readonly line: NumberedLine; readonly search: string }) {
  const { at, level, source, message, isAfterGap } = line;
  const time = Date.parse(at);
  const { text, leftOut } = shownOf(message);
  return (
    <>
      {isAfterGap && <p className="log-gap">The connection was cut here: lines may be missing.</p>}
      <div className="log-line">
        <time dateTime={at} title={Number.isNaN(time) ? at : formatExact(time)}>
          {Number.isNaN(time) ? at : clockWithMillis().format(time)}
        </time>
        <span className={`level-${level}`}>{level}</span>
        <span className="dim">{source}</span>
        <span className="log-message">
          {partsOf(text, search).map((part) =>
            part.isFound ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
          )}
          {leftOut > 0 && <i> … and {leftOut.toLocaleString()} characters more: download the log to read them.</i>}
        </span>
      </div>
    </>
  );
}

const clockWithMillis = lazily(
  () =>
    new Intl.DateTimeFormat(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    }),
);
