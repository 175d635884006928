/** Views outside of the first load. They are fetched right after it: going there waits for nothing, also while Tidepool is away. */
import { type ComponentType, lazy } from 'react';

const load = () => import('../later-pages.ts');
type LaterPages = Awaited<ReturnType<typeof load>>;

export const CreatePage = later('CreatePage');
export const HostPage = later('HostPage');
export const WatchPage = later('WatchPage');
export const WorkspacePage = later('WorkspacePage');
export const Overview = later('Overview');
export const ActivitySection = later('ActivitySection');
export const LogsSection = later('LogsSection');
export const PortsSection = later('PortsSection');
export const SettingsSection = later('SettingsSection');

export async function fetchLaterPages(): Promise<void> {
  try {
    await load();
  } catch {
    // Not reachable now: who goes there asks again.
  }
}

function later(name: keyof LaterPages): ComponentType {
  return lazy(async () => ({ default: (await load())[name] }));
}
