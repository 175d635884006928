/** Copying a text, and what to do where the browser does not let a page do that. */
import { useServices } from '../services/services.ts';

/** Copies; where that is refused, shows the text to be copied by hand. @returns whether it is in the clipboard */
export function useCopyText(): (text: string) => Promise<boolean> {
  const { toasts } = useServices();
  return async (text) => {
    const isCopied = await copyText(text);
    if (!isCopied) toasts.byHand(text);
    return isCopied;
  };
}

/** @returns whether it is in the clipboard */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or not there at all, as on plain-http names of a LAN: the old way works for both in most browsers.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const holder = document.createElement('textarea');
  holder.value = text;
  // Inside an open dialog: the page behind it cannot be selected.
  (document.querySelector('[role="dialog"]') ?? document.body).append(holder);
  holder.select();
  const done = document.execCommand('copy');
  holder.remove();
  // To be selected it took the focus.
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return done;
}
