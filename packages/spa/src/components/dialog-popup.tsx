/** A dialog on Base UI's: in the middle of a wide screen, a sheet from the bottom of a narrow one. */
import { Dialog } from '@base-ui/react/dialog';
import { useRef, useState } from 'react';
import type { DialogProps } from './dialog.tsx';
import { rememberFocus } from './focus.ts';
import { Icon } from './icon.tsx';
import { isSecondClick } from './second-click.ts';

export function DialogPopup({ title, intro, onClose, closeLabel = 'Close', size, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // A menu that it was chosen from has given the focus back to its button by then.
  const [giveBackTo] = useState(rememberFocus);
  return (
    <Dialog.Root
      open
      onOpenChange={(_, { reason, event, cancel }) => {
        // What lies beside the dialog and says something about it is no place outside of it.
        if (reason === 'outside-press' && (isBeside(event.target) || isSecondClick(event))) cancel();
        else onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Viewport className="dialog-viewport">
          <Dialog.Popup
            ref={popup}
            className={`dialog ${size === 'wide' ? 'dialog-wide' : ''}`}
            initialFocus={() => popup.current?.querySelector<HTMLElement>('[data-autofocus]') ?? popup.current}
            finalFocus={giveBackTo}
          >
            <header className="dialog-head">
              <div>
                <Dialog.Title>{title}</Dialog.Title>
                {intro && <Dialog.Description render={<p />}>{intro}</Dialog.Description>}
              </div>
              <Dialog.Close className="button button-quiet button-icon" aria-label={closeLabel}>
                <Icon name="x" />
              </Dialog.Close>
            </header>
            {children}
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function isBeside(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.toasts, .tip') !== null;
}
