/** A form's state that outlives the page: see `draft-store.ts`. */
import { useState } from 'react';
import { type DraftOf, forgetDraft, readDraft, writeDraft } from './draft-store.ts';

export interface Draft<Value> {
  readonly value: Value;
  readonly set: (value: Value) => void;
  /** It was sent, or is not wanted any more: back to `initial`, and nothing of it is kept. */
  readonly forget: () => void;
}

/** @param key the form's name; with the id of what it is about, where there are more of it: a name may be given again */
export function useDraft<Value extends DraftOf<Value>>(key: string, initial: Value): Draft<Value> {
  const [value, setValue] = useState(() => readDraft(key, initial));
  return {
    value,
    set: (next) => {
      writeDraft(key, next);
      setValue(next);
    },
    forget: () => {
      forgetDraft(key);
      setValue(initial);
    },
  };
}
