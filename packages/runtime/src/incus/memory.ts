/**
 * What Incus says and seldom changes: the range of the bridge, where an image is. Remembered only while its events are
 * heard, and forgotten with the first that may concern it: whoever starts a workspace does not wait to be told it again.
 */
export interface Memory {
  /** What was said before, else what `ask` brings. */
  recall<T>(what: string, ask: () => Promise<T>): Promise<T>;
  /** Returns whether there was anything. */
  forget(): boolean;
  /** Whether the events are heard from now on; either way nothing from before counts. */
  hears(hears: boolean): void;
}

export function createMemory(): Memory {
  const known = new Map<string, unknown>();
  let isHearing = false;
  /** Another one after each `forget`: an answer may be older than the event. */
  let era = 0;

  const forget = () => {
    const had = known.size > 0;
    known.clear();
    era += 1;
    return had;
  };
  return {
    forget,
    hears(hears) {
      isHearing = hears;
      forget();
    },
    async recall<T>(what: string, ask: () => Promise<T>): Promise<T> {
      if (known.has(what)) return known.get(what) as T;
      const asked = era;
      const said = await ask();
      if (isHearing && asked === era) known.set(what, said);
      return said;
    },
  };
}
