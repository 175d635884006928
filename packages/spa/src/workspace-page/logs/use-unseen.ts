/** How many lines came since one was last at the end of the log. */
import { useEffect, useState } from 'react';
import type { NumberedLine } from './log-lines.ts';

/** @returns null while one is at the end */
export function useUnseen(lines: readonly NumberedLine[], isAtEnd: boolean): number | null {
  const [seen, setSeen] = useState(0);
  const last = lines.at(-1)?.number ?? 0;
  useEffect(() => {
    if (isAtEnd) setSeen(last);
  }, [isAtEnd, last]);
  return isAtEnd ? null : lines.filter(({ number }) => number > seen).length;
}
