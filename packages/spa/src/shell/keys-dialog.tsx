/** All keys that work now, and the switch for single letters. */
import { useSyncExternalStore } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { Keys } from '../components/keys.tsx';
import { keyCaps } from './keys.ts';
import { type Shortcut, setSingleKeys, shortcuts, singleKeys } from './shortcuts.ts';

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const all = useSyncExternalStore(shortcuts.subscribe, shortcuts.get);
  const areSinglesOn = useSyncExternalStore(singleKeys.subscribe, singleKeys.get);
  return (
    <Dialog title="Keys" intro="They work where nothing is typed and no dialog is open." onClose={onClose} size="wide">
      <div className="dialog-body key-groups">
        {[...new Set(all.map(({ group }) => group))].map((group) => (
          <Group key={group} title={group} shortcuts={all.filter((each) => each.group === group)} />
        ))}
      </div>
      <footer className="dialog-foot">
        <label className="check">
          <input type="checkbox" checked={areSinglesOn} onChange={(event) => setSingleKeys(event.target.checked)} />
          <span>
            Single letters do something
            <span className="help">
              Off: only keys with ⌘, Ctrl or Alt, arrows, Enter and Esc work in this browser.
            </span>
          </span>
        </label>
      </footer>
    </Dialog>
  );
}

function Group({ title, shortcuts: own }: { readonly title: string; readonly shortcuts: readonly Shortcut[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="key-list">
        {[...new Map(own.map((each) => [each.key, each])).values()].map(({ key, label }) => (
          <div key={key}>
            <dt>
              <Keys of={key} />
              <span className="sr">{keyCaps(key).join(' ')}</span>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
