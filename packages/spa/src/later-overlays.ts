/**
 * What lies over a page when it is asked for: dialogs, menus, tooltips, the palette. One part of the build, because all of
 * it stands on Base UI, which is larger than everything that the first paint needs.
 */
export { CapacityDialog } from './capacity/capacity-dialog.tsx';
export { DialogPopup } from './components/dialog-popup.tsx';
export { MenuPopup } from './components/menu-popup.tsx';
export { TooltipPopup } from './components/tooltip-popup.tsx';
export { PaletteDialog } from './palette/palette-dialog.tsx';
export { KeysDialog } from './shell/keys-dialog.tsx';
export { DeleteDialog } from './workspaces/delete-dialog.tsx';
