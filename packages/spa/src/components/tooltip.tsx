/**
 * Something with a short text about it, where a pointer rests or the focus is by keyboard. The text is for the eye: what a
 * screen reader has to know stands in the element's name or description.
 */
import { type ReactNode, Suspense, useEffect, useSyncExternalStore } from 'react';
import { TooltipPopup } from '../routing/later.ts';
import { hideTip, hideTipSoon, showTip, showTipSoon, type Tip, tip } from './tip.ts';

export interface TooltipProps {
  /** undefined: there is nothing to say now. */
  readonly text: string | undefined;
  readonly className?: string;
  readonly side?: Tip['side'];
  readonly children: ReactNode;
}

export function Tooltip({ text, className = 'has-tip', side, children }: TooltipProps) {
  if (text === undefined) return <span className={className}>{children}</span>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches what it holds
    <span
      className={className}
      onPointerEnter={({ currentTarget, pointerType }) => {
        // A finger has no way to rest: see the press below.
        if (pointerType !== 'touch') showTipSoon({ anchor: currentTarget, text, side });
      }}
      onPointerLeave={({ pointerType }) => {
        if (pointerType !== 'touch') hideTipSoon();
      }}
      onPointerUp={({ currentTarget, pointerType }) => {
        if (pointerType === 'touch') showTip({ anchor: currentTarget, text, side });
      }}
      onFocus={({ currentTarget, target }) => {
        if (target.matches(':focus-visible')) showTip({ anchor: currentTarget, text, side });
      }}
      onBlur={hideTip}
    >
      {children}
    </span>
  );
}

/** Once in the page: draws the one that is shown. */
export function TooltipLayer() {
  const shown = useSyncExternalStore(tip.subscribe, tip.get);
  const isShown = shown !== null;
  useEffect(() => {
    if (!isShown) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // One that the focus brought is closed alone; one under a resting pointer goes with the dialog below it.
      if (tip.get()?.anchor.contains(document.activeElement)) event.stopPropagation();
      hideTip();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    addEventListener('pointerdown', hideTip, { capture: true });
    return () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
      removeEventListener('pointerdown', hideTip, { capture: true });
    };
  }, [isShown]);
  return shown?.anchor.isConnected ? (
    <Suspense>
      <TooltipPopup shown={shown} />
    </Suspense>
  ) : null;
}
