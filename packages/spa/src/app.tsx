/** The page: what it has to work with, and which view belongs to which address. */
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter, Route, Routes } from 'react-router';
import { HomePage } from './home/home-page.tsx';
import {
  ActivitySection,
  CreatePage,
  HostPage,
  LogsSection,
  Overview,
  PortsSection,
  SettingsSection,
  WatchPage,
  WorkspacePage,
} from './routing/later.ts';
import { basename } from './routing/paths.ts';
import { type Services, ServicesContext } from './services/services.ts';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

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
