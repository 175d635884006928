/** Go to or do anything by typing: Base UI's autocomplete, inline in its dialog. */
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useMatch } from 'react-router';
import { rememberFocus } from '../components/focus.ts';
import { Icon } from '../components/icon.tsx';
import { Keys } from '../components/keys.tsx';
import { isSecondClick } from '../components/second-click.ts';
import { useKnown } from '../live/hooks.ts';
import { offer } from './entries.ts';
import type { Entry } from './entry.ts';
import { EntryLine } from './entry-line.tsx';
import type { EntryGroup } from './match.ts';
import { takeTyped } from './palette.ts';
import { recentIds, rememberChoice } from './recent.ts';
import { useDoings } from './use-doings.ts';
import { useFound } from './use-found.ts';

export function PaletteDialog({ onClose }: { readonly onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [giveBackTo] = useState(rememberFocus);
  const isChosen = useRef(false);
  const highlighted = useRef<Entry | undefined>(undefined);
  const [query, setQuery] = useState('');
  const [recent] = useState(recentIds);
  const doings = useDoings();
  const { workspaces, isSearching } = useFound(query);
  const here = useHere();
  const groups = offer({ query, workspaces, here, recent, doings });
  const count = groups.reduce((sum, { items }) => sum + items.length, 0);

  const choose = (entry: Entry | undefined, isBeside: boolean) => {
    if (!entry || entry.why !== undefined) return;
    rememberChoice(entry.id);
    isChosen.current = true;
    // Closed first: what opens now has to find the focus where it belongs afterwards.
    flushSync(onClose);
    const giveTo = giveBackTo();
    if (giveTo) giveTo.focus({ preventScroll: true });
    if (isBeside && entry.runBeside) entry.runBeside();
    else entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.metaKey && !event.ctrlKey) return;
    if (event.key.toLowerCase() === 'k') onClose();
    else if (event.key === 'Enter') choose(highlighted.current, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Dialog.Root
      open
      onOpenChange={(_, { reason, event }) => {
        if (reason !== 'outside-press' || !isSecondClick(event)) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Viewport className="dialog-viewport palette-viewport">
          <Dialog.Popup
            className="dialog palette"
            aria-label="Go to or do"
            initialFocus={input}
            finalFocus={() => (isChosen.current ? false : giveBackTo())}
          >
            <Autocomplete.Root
              open
              inline
              items={groups}
              filter={null}
              autoHighlight="always"
              keepHighlight
              value={query}
              onValueChange={(value, { reason }) => {
                if (reason !== 'item-press') setQuery(value);
              }}
              onItemHighlighted={(entry) => {
                highlighted.current = entry;
              }}
              itemToStringValue={({ id }: Entry) => id}
            >
              <div className="palette-in">
                <Icon name="search" />
                <Autocomplete.Input
                  ref={input}
                  aria-label="Go to or do"
                  placeholder="Name, port, or what to do"
                  spellCheck={false}
                  autoCapitalize="none"
                  enterKeyHint="go"
                  onKeyDown={onKeyDown}
                  onFocus={() => {
                    const early = takeTyped();
                    setQuery((before) => before + early);
                  }}
                />
                <Dialog.Close className="palette-close">
                  <kbd className="key">Esc</kbd>
                  <span className="sr">Close</span>
                </Dialog.Close>
              </div>
              <Autocomplete.Status className="sr">
                {isSearching ? 'Searching' : `${count} ${count === 1 ? 'result' : 'results'}`}
              </Autocomplete.Status>
              <div className="palette-list">
                <Autocomplete.Empty className="palette-empty">
                  {count === 0 && (isSearching ? 'Searching…' : `Nothing answers to “${query.trim()}”.`)}
                </Autocomplete.Empty>
                <Autocomplete.List aria-label="Results">
                  {(group: EntryGroup) => (
                    <Autocomplete.Group key={group.label} items={group.items}>
                      <Autocomplete.GroupLabel className="palette-group">{group.label}</Autocomplete.GroupLabel>
                      <Autocomplete.Collection>
                        {(entry: Entry) => (
                          <Autocomplete.Item
                            key={entry.id}
                            value={entry}
                            className="palette-item"
                            aria-disabled={entry.why !== undefined || undefined}
                            onClick={(event) => choose(entry, event.metaKey || event.ctrlKey)}
                          >
                            <EntryLine entry={entry} query={query} />
                          </Autocomplete.Item>
                        )}
                      </Autocomplete.Collection>
                    </Autocomplete.Group>
                  )}
                </Autocomplete.List>
              </div>
            </Autocomplete.Root>
            <footer className="palette-foot" aria-hidden="true">
              <span>
                <Keys of="ArrowUp ArrowDown" /> choose
              </span>
              <span>
                <Keys of="Enter" /> go
              </span>
              <span>
                <Keys of="mod+Enter" /> open in a new tab
              </span>
            </footer>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The workspace whose page, or one below it, is shown. */
function useHere() {
  const name = useMatch('/workspaces/:name/*')?.params.name;
  return useKnown((state) => [...state.workspaces.values()].find((each) => each.name === name));
}
