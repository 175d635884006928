/**
 * A list longer than is worth drawing: only the rows in view are there, the others keep their room, and are read before
 * they are reached.
 */
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import { useMediaQuery } from '../components/use-media-query.ts';
import type { WorkspaceList } from '../live/lists.ts';
import { ListBody } from './list-body.tsx';
import type { RowFocus } from './use-row-focus.ts';
import { WaitingRow, WorkspaceRow } from './workspace-row.tsx';

export interface LongListProps {
  readonly body: RefObject<HTMLTableSectionElement | null>;
  readonly focus: RowFocus;
  readonly list: WorkspaceList;
}

/** So many rows before the end of what was read, the next page is asked for. */
const readAhead = 40;
/** Drawn above and below what is in view. */
const overscan = 8;
/** In rem, as `--row` in list.css. */
const heights = { wide: 3.375, middle: 4.25, narrow: 7.5 } as const;

export function LongList({ body, focus, list: { workspaces, total, readMore } }: LongListProps) {
  const { top, rem } = usePlace(body);
  const isWide = useMediaQuery('(width >= 75rem)');
  const isNarrow = useMediaQuery('(width < 48rem)');
  const height = heights[isWide ? 'wide' : isNarrow ? 'narrow' : 'middle'] * rem;
  const { held, wanted } = focus;

  const rangeExtractor = useCallback(
    (range: Range) => {
      // Taken away, a row that has the focus would lose it.
      const kept = [held, wanted].flatMap((index) => (index !== null && index < range.count ? index : []));
      return [...new Set([...defaultRangeExtractor(range), ...kept])].sort((one, other) => one - other);
    },
    [held, wanted],
  );
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    getItemKey: useCallback((index: number) => workspaces[index]?.id ?? index, [workspaces]),
    overscan,
    rangeExtractor,
    scrollMargin: top,
    scrollPaddingStart: 6 * rem,
    scrollPaddingEnd: 3 * rem,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured belongs to the old width
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height]);

  const rows = virtualizer.getVirtualItems();
  const reached = Math.max(rows.at(-1)?.index ?? 0, wanted ?? 0);
  useEffect(() => {
    if (reached + readAhead >= workspaces.length) readMore?.();
  }, [reached, workspaces.length, readMore]);
  useEffect(() => {
    if (wanted !== null) virtualizer.scrollToIndex(wanted);
  }, [wanted, virtualizer]);
  return (
    <ListBody ref={body} focus={focus} height={virtualizer.getTotalSize()}>
      {rows.map(({ index, key, start }) => {
        const workspace = workspaces[index];
        const place = { index, start: start - top };
        if (!workspace) return <WaitingRow key={String(key)} {...place} />;
        return (
          <WorkspaceRow
            key={String(key)}
            workspace={workspace}
            {...place}
            measure={isWide ? undefined : virtualizer.measureElement}
          />
        );
      })}
    </ListBody>
  );
}

/**
 * Where it begins in the document, and how large a rem is, both in pixels: followed when something above it grows or goes,
 * and read at no other time, as that has the browser lay everything out at once.
 */
function usePlace(element: RefObject<HTMLElement | null>): { readonly top: number; readonly rem: number } {
  const [place, setPlace] = useState(() => ({ top: 0, rem: remPx() }));
  useLayoutEffect(() => {
    const look = () => {
      const top = (element.current?.getBoundingClientRect().top ?? 0) + scrollY;
      const rem = remPx();
      setPlace((last) => (last.top === top && last.rem === rem ? last : { top, rem }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    look();
    return () => observer.disconnect();
  }, [element]);
  return place;
}

function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
