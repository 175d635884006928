/**
 * What is outside of the first load: all views but the list, and what lies over a page. It is fetched right after: going
 * there waits for nothing, also while Tidepool is away.
 */
import { type ComponentType, lazy } from 'react';

const loadPages = () => again(() => import('../later-pages.ts'));
const loadOverlays = () => again(() => import('../later-overlays.ts'));
type LaterPages = Awaited<ReturnType<typeof loadPages>>;

export const CreatePage = later('CreatePage');
export const HostPage = later('HostPage');
export const WatchPage = later('WatchPage');
export const WorkspacePage = later('WorkspacePage');
export const Overview = later('Overview');
export const ActivitySection = later('ActivitySection');
export const LogsSection = later('LogsSection');
export const PortsSection = later('PortsSection');
export const SettingsSection = later('SettingsSection');

export const LongList = lazy(async () => ({ default: (await loadPages()).LongList }));
export const NoMatch = lazy(async () => ({ default: (await loadPages()).NoMatch }));

export const DialogPopup = lazy(async () => ({ default: (await loadOverlays()).DialogPopup }));
export const MenuPopup = lazy(async () => ({ default: (await loadOverlays()).MenuPopup }));
export const TooltipPopup = lazy(async () => ({ default: (await loadOverlays()).TooltipPopup }));
export const CapacityDialog = lazy(async () => ({ default: (await loadOverlays()).CapacityDialog }));
export const DeleteDialog = lazy(async () => ({ default: (await loadOverlays()).DeleteDialog }));
export const PaletteDialog = lazy(async () => ({ default: (await loadOverlays()).PaletteDialog }));
export const KeysDialog = lazy(async () => ({ default: (await loadOverlays()).KeysDialog }));

/** The event stream and what reads it. */
export async function loadLive() {
  await untilIdle();
  return again(() => import('../live/live.ts'));
}

/** Resolves also where nothing could be fetched: who goes there asks again. */
export async function fetchLater(): Promise<void> {
  await untilIdle();
  try {
    await Promise.all([import('../later-pages.ts'), import('../later-overlays.ts')]);
  } catch {
    // Not reachable now.
  }
}

/** What is on screen first is asked for and drawn by then. */
function untilIdle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has none yet.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 1_500 });
    else setTimeout(resolve, 200);
  });
}

function later(name: Exclude<keyof LaterPages, 'LongList' | 'NoMatch'>): ComponentType {
  return lazy(async () => ({ default: (await loadPages())[name] }));
}

const delaysMs = [500, 1_500, 4_000];

/** React keeps what `lazy` failed with for as long as the page lives: so it is asked a few times before it may fail. */
async function again<Part>(load: () => Promise<Part>): Promise<Part> {
  for (const delayMs of delaysMs) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return load();
}
