/** Where the tooltip is drawn: on Base UI's, which keeps it beside its element and inside the screen. */
import { Tooltip } from '@base-ui/react/tooltip';
import { hideTipSoon, keepTip, type Tip } from './tip.ts';

export function TooltipPopup({ shown }: { readonly shown: Tip }) {
  return (
    <Tooltip.Root open>
      <Tooltip.Portal>
        <Tooltip.Positioner
          className="tip-place"
          anchor={shown.anchor}
          side={shown.side ?? 'top'}
          sideOffset={6}
          collisionPadding={8}
        >
          <Tooltip.Popup className="tip" aria-hidden="true" onPointerEnter={keepTip} onPointerLeave={hideTipSoon}>
            {shown.text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
