/** Search, status and order of the list, which stand in the address: it can be shared, and «back» goes back in it. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { everything, type Filter, filterOf, filterQuery } from '../workspaces/filter.ts';

export interface ListAddress {
  /** What is asked of the server. */
  readonly filter: Filter;
  /** What stands in the search field: ahead of the address while somebody types. */
  readonly text: string;
  readonly type: (text: string) => void;
  readonly change: (change: Partial<Filter>) => void;
  /** Search and status, not the order. */
  readonly clear: () => void;
}

/** So long after the last key, in milliseconds, the server is asked. */
const pauseMs = 150;

export function useListAddress(): ListAddress {
  const [query, setQuery] = useSearchParams();
  const address = query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(address)), [address]);
  const { search } = filter;
  const [typed, setTyped] = useState({ text: search, over: search });
  // Changed by something else than the field, such as «back»: then the field follows.
  const text = typed.over === search ? typed.text : search;

  const go = useCallback(
    (next: Filter) => {
      // A search as it grows is one entry of the history.
      const isGoingOn = search !== '' && next.search !== '' && next.search !== search;
      setQuery(filterQuery(next), { replace: isGoingOn });
    },
    [search, setQuery],
  );
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === search) return;
    const timer = setTimeout(() => {
      setTyped({ text, over: wanted });
      go({ ...filter, search: wanted });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, search, filter, go]);

  return {
    filter,
    text,
    // Where the address is about to change, the key that was pressed meanwhile belongs to the new one.
    type: (next) => setTyped((now) => ({ text: next, over: now === typed ? search : now.over })),
    // What was typed a moment ago goes with it, or whichever comes second would undo the other.
    change: (change) => {
      const wanted = text.trim();
      setTyped({ text, over: wanted });
      go({ ...filter, search: wanted, ...change });
    },
    clear: () => {
      setTyped({ text: '', over: '' });
      go({ ...everything, sort: filter.sort });
    },
  };
}
