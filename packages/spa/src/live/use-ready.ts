/** When to draw what is read in parts: all at once where it is read soon, so that no part pushes another aside as it comes. */
import { useEffect, useState } from 'react';

/** Milliseconds. Whoever waited so long is shown what there is. */
const patience = 1_000;

/** @param isRead whether every part is there */
export function useReady(isRead: boolean): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return isRead || isOver;
}
