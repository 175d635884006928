/** A menu on Base UI's: arrows, Home, End and first letters move, Esc and a press elsewhere close, what is disabled says why. */
import { Menu } from '@base-ui/react/menu';
import { type FocusEvent, Fragment, type ReactNode, useRef } from 'react';
import { flushSync } from 'react-dom';
import { Link, useNavigate } from 'react-router';
import { Icon } from './icon.tsx';
import { Keys } from './keys.tsx';
import type { MenuItem, MenuPlace } from './menu.tsx';

export interface MenuPopupProps extends MenuPlace {
  readonly label: string;
  /** Groups, separated by a line. */
  readonly items: readonly (readonly MenuItem[])[];
}

export function MenuPopup({ label, items, anchor, onClose }: MenuPopupProps) {
  // What was chosen says where the focus goes: a dialog, another view.
  const isChosen = useRef(false);
  const isEntered = useRef(false);
  // Opened by no trigger of its own, Base UI focuses the menu, and the first arrow would only lead to its first item.
  const enter = ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    if (isEntered.current) return;
    isEntered.current = true;
    if (target === currentTarget) currentTarget.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  };
  return (
    <Menu.Root open onOpenChange={onClose}>
      {/* In the content that it belongs to, so that it stands in a landmark. */}
      <Menu.Portal container={anchor.current?.closest('main') ?? undefined}>
        <Menu.Positioner className="menu-place" anchor={anchor} align="end" sideOffset={4} collisionPadding={4}>
          <Menu.Popup
            className="menu"
            aria-label={label}
            onFocus={enter}
            finalFocus={() => (isChosen.current ? false : anchor.current)}
          >
            {items
              .filter((group) => group.length > 0)
              .map((group, index) => (
                <Fragment key={group[0]?.label}>
                  {index > 0 && <Menu.Separator className="menu-line" />}
                  {group.map((item) => (
                    <Item
                      key={item.label}
                      item={item}
                      onChoose={(run) => {
                        isChosen.current = true;
                        // Closed first: a dialog that opens now has to find the focus where it belongs afterwards.
                        flushSync(onClose);
                        anchor.current?.focus();
                        run();
                      }}
                    />
                  ))}
                </Fragment>
              ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ItemProps {
  readonly item: MenuItem;
  readonly onChoose: (run: () => void) => void;
}

function Item({ item, onChoose }: ItemProps) {
  const navigate = useNavigate();
  const { label, why, shortcut, isDangerous = false, to, onSelect } = item;
  const look = isDangerous ? 'menu-item menu-item-danger' : 'menu-item';
  if (to !== undefined) {
    return (
      <Menu.LinkItem
        className={look}
        label={label}
        closeOnClick
        render={<Link to={to} />}
        onClick={(event) => {
          // With a modifier it is the browser's: a new tab or window.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          event.preventBaseUIHandler();
          onChoose(() => void navigate(to));
        }}
      >
        <Content item={item} />
      </Menu.LinkItem>
    );
  }
  return (
    <Menu.Item
      className={look}
      label={label}
      // Not `disabled`: the reason is part of its name, and has to be reached to be heard.
      aria-disabled={why !== undefined || undefined}
      closeOnClick={false}
      onClick={() => {
        if (why === undefined) onChoose(() => onSelect?.());
      }}
    >
      <Content item={item}>{shortcut !== undefined && <Keys of={shortcut} />}</Content>
    </Menu.Item>
  );
}

function Content({ item: { icon, label, why }, children }: { readonly item: MenuItem; readonly children?: ReactNode }) {
  return (
    <>
      <Icon name={icon} />
      <span>
        {label}
        {why !== undefined && <small>{why}</small>}
      </span>
      {children}
    </>
  );
}
