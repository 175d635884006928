/** A shortcut's keys, drawn as caps. For the eye: who hears the page is told by `aria-keyshortcuts` or the label. */
import { keyCaps } from '../shell/keys.ts';

export function Keys({ of }: { readonly of: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {keyCaps(of).map((cap) => (
        <kbd className="key" key={cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
