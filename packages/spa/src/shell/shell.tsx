/** What stands around every page: top bar, connection banner, status bar, messages. */
import { useEffect, useMemo, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { CapacityDialog } from '../capacity/capacity-dialog.tsx';
import { Logo } from '../components/logo.tsx';
import { useConnection } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { Announcer } from './announcer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { useShortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { ThemeButton } from './theme-button.tsx';
import { ToastList } from './toast-list.tsx';

export function Shell() {
  const navigate = useNavigate();
  const { state } = useConnection();
  const { pathname } = useLocation();
  useShortcuts(
    useMemo(
      () => ({
        n: () => void navigate(paths.create()),
        '/': () => focusSearch(() => void navigate(paths.home())),
      }),
      [navigate],
    ),
  );
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
          <NavLink to={paths.home()} aria-current={pathname.startsWith('/workspaces') ? 'true' : undefined} end>
            Workspaces
          </NavLink>
          <NavLink to={paths.host()}>Host</NavLink>
        </nav>
        <span className="push" />
        <ThemeButton />
      </header>
      <ConnectionBanner />
      <Main>
        <Outlet />
      </Main>
      <StatusBar />
      <ToastList />
      <CapacityDialog />
      <Announcer />
    </div>
  );
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

function focusSearch(goHome: () => void): void {
  goHome();
  // The list's page may only be on its way.
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus());
}
