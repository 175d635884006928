/**
 * What Incus says and seldom changes: the range of the bridge, where an image is. Remembered only while its events are
 * heard, and forgotten with the first that may concern it: whoever starts a workspace does not wait to be told it again.
 */
export interface Memory {
  /** A part of it, for one kind of thing. */
  about<T>(): Recall<T>;
  forget(): void;
  /** Whether the events are heard from now on; either way nothing from before counts. */
  hears(hears: boolean): void;
  isHearing(): boolean;
}

/** What was said before of this one, else what `ask` brings. */
export type Recall<T> = (which: string, ask: () => Promise<T>) => Promise<T>;

export function createMemory(): Memory {
  const parts: { clear(): void }[] = [];
  let isHearing = false;
  /** Another one after each `forget`: an answer may be older than the event. */
  let era = 0;

  const forget = () => {
    for (const part of parts) part.clear();
    era += 1;
  };
  return {
    forget,
    hears(hears) {
      isHearing = hears;
      forget();
    },
    isHearing: () => isHearing,
    about<T>(): Recall<T> {
      const known = new Map<string, { readonly said: T }>();
      parts.push(known);
      return async (which, ask) => {
        const remembered = known.get(which);
        if (remembered !== undefined) return remembered.said;
        const asked = era;
        const said = await ask();
        if (isHearing && asked === era) known.set(which, { said });
        return said;
      };
    },
  };
}
