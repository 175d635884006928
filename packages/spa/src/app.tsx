/** The page: what it has to work with, and which view belongs to which address. */
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter, Route, Routes } from 'react-router';
import { CreatePage } from './create/create-page.tsx';
import { HomePage } from './home/home-page.tsx';
import { HostPage } from './host/host-page.tsx';
import { basename } from './routing/paths.ts';
import { type Services, ServicesContext } from './services/services.ts';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';
import { WatchPage } from './watch/watch-page.tsx';
import { ActivitySection } from './workspace-page/activity/activity-section.tsx';
import { LogsSection } from './workspace-page/logs/logs-section.tsx';
import { Overview } from './workspace-page/overview.tsx';
import { PortsSection } from './workspace-page/ports/ports-section.tsx';
import { SettingsSection } from './workspace-page/settings/settings-section.tsx';
import { WorkspacePage } from './workspace-page/workspace-page.tsx';

export function App({ services, queryClient }: { readonly services: Services; readonly queryClient: QueryClient }) {
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={queryClient}>
        {/* Without transitions: the search field's text is the address, and typing must not lag behind itself. */}
        <BrowserRouter basename={basename} useTransitions={false}>
          <Routes>
            <Route element={<Shell />}>
              <Route index element={<HomePage />} />
              <Route path="new" element={<CreatePage />} />
              <Route path="host" element={<HostPage />} />
              <Route path="workspaces/:name/watch" element={<WatchPage />} />
              <Route path="workspaces/:name" element={<WorkspacePage />}>
                <Route index element={<Overview />} />
                <Route path="ports" element={<PortsSection />} />
                <Route path="activity" element={<ActivitySection />} />
                <Route path="logs" element={<LogsSection />} />
                <Route path="settings" element={<SettingsSection />} />
              </Route>
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </QueryClientProvider>
    </ServicesContext>
  );
}
