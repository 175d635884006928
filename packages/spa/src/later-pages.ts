/** All views but the list, and what only some lists take, as one part of the build that is fetched right after the first load. */
import './styles/later.css';

export { CreatePage } from './create/create-page.tsx';
export { LongList } from './home/long-list.tsx';
export { NoMatch } from './home/no-match.tsx';
export { HostPage } from './host/host-page.tsx';
export { WatchPage } from './watch/watch-page.tsx';
export { ActivitySection } from './workspace-page/activity/activity-section.tsx';
export { LogsSection } from './workspace-page/logs/logs-section.tsx';
export { Overview } from './workspace-page/overview.tsx';
export { PortsSection } from './workspace-page/ports/ports-section.tsx';
export { SettingsSection } from './workspace-page/settings/settings-section.tsx';
export { WorkspacePage } from './workspace-page/workspace-page.tsx';
