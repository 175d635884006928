/** What stands around every page: top bar, connection banner, status bar, messages. */
import { Suspense, useEffect, useMemo, useRef } from 'react';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { CapacityDialog } from '../capacity/capacity-dialog.tsx';
import { Logo } from '../components/logo.tsx';
import { useConnection } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { Announcer } from './announcer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { listenForShortcuts, type Shortcut, useShortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { ThemeButton } from './theme-button.tsx';
import { ToastList } from './toast-list.tsx';

export function Shell() {
  const navigate = useNavigate();
  const { state } = useConnection();
  const { pathname } = useLocation();
  useEffect(listenForShortcuts, []);
  useShortcuts(useMemo(() => shortcutsOf((path) => void navigate(path)), [navigate]));
  return (
    <div className="shell" data-stale={state === 'lost' || undefined}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="topbar">
        <Link className="brand" to={paths.home()} aria-label="Tidepool, all workspaces">
          <Logo />
          <span>Tidepool</span>
        </Link>
        <nav className="nav" aria-label="Main">
          <Link to={paths.home()} aria-current={current(pathname === paths.home(), !pathname.startsWith(paths.host()))}>
            Workspaces
          </Link>
          <Link to={paths.host()} aria-current={current(pathname === paths.host(), false)}>
            Host
          </Link>
        </nav>
        <span className="push" />
        <ThemeButton />
      </header>
      <ConnectionBanner />
      <Main>
        <Suspense>
          <Outlet />
        </Suspense>
      </Main>
      <StatusBar />
      <ToastList />
      <CapacityDialog />
      <Announcer />
    </div>
  );
}

function shortcutsOf(go: (path: string) => void): readonly Shortcut[] {
  const group = 'Everywhere';
  const search = () => {
    if (focusSearch()) return;
    go(paths.home());
    // The list's page is only on its way.
    requestAnimationFrame(focusSearch);
  };
  return [
    { key: '/', label: 'Search the workspaces', group, run: search },
    { key: 'n', label: 'New workspace', group, run: () => go(paths.create()) },
    { key: 'g w', label: 'Go to Workspaces', group, run: () => go(paths.home()) },
    { key: 'g h', label: 'Go to Host', group, run: () => go(paths.host()) },
  ];
}

/** Takes the focus when another page is shown, as a browser does with a page of its own. */
function Main({ children }: { readonly children: React.ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    // A page with a field of its own to begin with has taken it already.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [pathname]);
  return (
    <main id="main" className="page" tabIndex={-1} ref={main}>
      {children}
    </main>
  );
}

/** The page itself, or one below it. */
function current(isPage: boolean, isBelow: boolean): 'page' | 'true' | undefined {
  if (isPage) return 'page';
  return isBelow ? 'true' : undefined;
}

/** @returns whether there is a search to focus */
function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('input[type="search"]');
  search?.focus();
  return search !== null;
}
