/** A modal dialog: the browser's own, which traps the focus, closes on Esc and gives the focus back. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icon.tsx';

export interface DialogProps {
  readonly title: ReactNode;
  readonly intro?: ReactNode;
  readonly onClose: () => void;
  readonly closeLabel?: string;
  readonly children: ReactNode;
}

/** Open as long as it is rendered. The focus begins at what is marked `data-autofocus`, else at the close button. */
export function Dialog({ title, intro, onClose, closeLabel = 'Close', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    // Removing an open dialog would leave the focus nowhere.
    const opener = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <div>
          <h2 id={titleId}>{title}</h2>
          {intro && <p>{intro}</p>}
        </div>
        <button type="button" className="button button-quiet button-icon" aria-label={closeLabel} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
