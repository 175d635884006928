/** What an entry looks like: its mark, its words with those that were typed marked, what to know about it, its key. */
import { Fragment } from 'react';
import { Icon, isIconName } from '../components/icon.tsx';
import { Keys } from '../components/keys.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import type { Entry } from './entry.ts';
import { pieces } from './match.ts';

export function EntryLine({ entry, query }: { readonly entry: Entry; readonly query: string }) {
  const { mark, label, hint, why, shortcut } = entry;
  return (
    <>
      {isIconName(mark) ? <Icon name={mark} /> : <StatusShape status={mark} />}
      <span className="palette-label">
        {label.map((part) =>
          typeof part === 'string' ? (
            <Marked key={part} text={part} query={query} />
          ) : (
            <span className="mono" key={part.mono}>
              <Marked text={part.mono} query={query} />
            </span>
          ),
        )}
      </span>
      <span className="palette-hint">{why ?? hint}</span>
      {shortcut !== undefined && <Keys of={shortcut} />}
    </>
  );
}

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  return pieces(text, query).map(({ text: piece, isHit }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
    isHit ? <mark key={index}>{piece}</mark> : <Fragment key={index}>{piece}</Fragment>,
  );
}
