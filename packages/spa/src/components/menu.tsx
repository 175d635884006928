/** A menu of actions under a button: arrows, Home and End move, Esc and a click elsewhere close, a disabled item says why. */
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly why?: string | undefined;
  readonly isDangerous?: boolean;
  /** Either a place to go to or something to do. */
  readonly to?: string;
  readonly onSelect?: () => void;
}

export interface MenuProps {
  readonly label: string;
  /** Groups, separated by a line. */
  readonly items: readonly (readonly MenuItem[])[];
  readonly size?: 'small';
}

export function Menu({ label, items, size }: MenuProps) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  const close = () => menu.current?.hidePopover();
  useLayoutEffect(() => {
    if (!isOpen || !button.current || !menu.current) return;
    place(menu.current, button.current);
    itemsIn(menu.current)[0]?.focus();
  }, [isOpen]);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`button button-icon ${size ? 'button-quiet button-small' : 'button-plain'}`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        popoverTarget={id}
      >
        <Icon name="more" />
      </button>
      <div
        ref={menu}
        id={id}
        className="menu"
        role="menu"
        tabIndex={-1}
        popover="auto"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => moveFocus(event, close)}
      >
        {isOpen &&
          items
            .filter((group) => group.length > 0)
            .map((group, index) => (
              <MenuGroup key={group[0]?.label} isFirst={index === 0}>
                {group.map((item) => (
                  <Item key={item.label} item={item} onDone={close} />
                ))}
              </MenuGroup>
            ))}
      </div>
    </>
  );
}

function MenuGroup({ isFirst, children }: { readonly isFirst: boolean; readonly children: ReactNode }) {
  return (
    <>
      {!isFirst && <hr />}
      {children}
    </>
  );
}

function Item({ item, onDone }: { readonly item: MenuItem; readonly onDone: () => void }) {
  const { label, icon, why, isDangerous = false, to, onSelect } = item;
  const content = (
    <>
      <Icon name={icon} />
      <span>
        {label}
        {why !== undefined && <small>{why}</small>}
      </span>
    </>
  );
  const look = isDangerous ? 'menu-item menu-item-danger' : 'menu-item';
  if (to !== undefined) {
    return (
      <Link className={look} role="menuitem" tabIndex={-1} to={to} onClick={onDone}>
        {content}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={look}
      role="menuitem"
      tabIndex={-1}
      aria-disabled={why !== undefined || undefined}
      onClick={() => {
        if (why !== undefined) return;
        // Closed first: a dialog that opens now must find the focus where it belongs afterwards.
        onDone();
        onSelect?.();
      }}
    >
      {content}
    </button>
  );
}

function itemsIn(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
}

function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const all = itemsIn(event.currentTarget);
  const at = all.findIndex((item) => item.matches(':focus'));
  const next = { ArrowDown: at + 1, ArrowUp: at < 1 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[
    event.key
  ];
  if (event.key === 'Tab') close();
  if (next === undefined || all.length === 0) return;
  event.preventDefault();
  all[next % all.length]?.focus();
}

/** Under the button, its end at the button's end; above it where there is no room below. In pixels of the viewport. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const { top, bottom, right } = button.getBoundingClientRect();
  const { height, width } = menu.getBoundingClientRect();
  const gap = 4;
  const fitsBelow = bottom + gap + height < innerHeight;
  menu.style.top = `${fitsBelow ? bottom + gap : Math.max(gap, top - gap - height)}px`;
  menu.style.left = `${Math.max(gap, right - width)}px`;
}
