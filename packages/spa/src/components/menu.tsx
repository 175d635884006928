/** A menu of actions under a button. The button stands in the page; the menu comes with a later part: see `menu-popup.tsx`. */
import { type ReactNode, type RefObject, Suspense, useRef, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** Why it cannot be chosen now; it can where absent. */
  readonly why?: string | undefined;
  /** The shortcut that does the same, as in `shell/shortcuts.ts`. */
  readonly shortcut?: string;
  readonly isDangerous?: boolean;
  /** Either a place to go to or something to do. */
  readonly to?: string;
  readonly onSelect?: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly size?: 'small';
  /** The menu itself, on `MenuPopup`: asked for while it is open. */
  readonly children: (place: MenuPlace) => ReactNode;
}

export interface MenuPlace {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Only the menu that is open is more than its button: a list has one per row. */
export function Menu({ label, size, children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`button button-icon ${size ? 'button-quiet button-small' : 'button-plain'}`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name="more" />
      </button>
      {isOpen && <Suspense>{children({ anchor: button, onClose: () => setOpen(false) })}</Suspense>}
    </>
  );
}
