/** A modal dialog. It comes with a later part of the page: see `dialog-popup.tsx`. */
import { type ReactNode, Suspense } from 'react';
import { DialogPopup } from '../routing/later.ts';

export interface DialogProps {
  readonly title: ReactNode;
  readonly intro?: ReactNode;
  readonly onClose: () => void;
  readonly closeLabel?: string;
  readonly size?: 'wide';
  readonly children: ReactNode;
}

/**
 * Open as long as it is rendered. The focus begins at what is marked `data-autofocus`, the first field or the safest
 * choice, else at the dialog itself; and it goes back to where it was.
 */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <DialogPopup {...props} />
    </Suspense>
  );
}
