/** What stands around every page: top bar, connection banner, status bar, messages. */
import { useEffect, useMemo, useRef } from 'react';
import { Link, useLocation, useNavigate, useNavigationType } from 'react-router';
import { Icon } from '../components/icon.tsx';
import { Keys } from '../components/keys.tsx';
import { Logo } from '../components/logo.tsx';
import { useConnection } from '../live/hooks.ts';
import { openPalette } from '../palette/palette.ts';
import { paths } from '../routing/paths.ts';
import { Announcer } from './announcer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { paletteKeys } from './keys.ts';
import { keysList } from './keys-list.ts';
import { Overlays } from './overlays.tsx';
import { listenForShortcuts, type Shortcut, useShortcuts } from './shortcuts.ts';
import { StatusBar } from './status-bar.tsx';
import { ThemeButton } from './theme-button.tsx';
import { ToastList } from './toast-list.tsx';
import { View } from './view.tsx';

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
        <button
          type="button"
          className="find push"
          aria-haspopup="dialog"
          aria-keyshortcuts={paletteKeys}
          onClick={openPalette}
        >
          <Icon name="search" />
          <span className="wide-seen">Go to or do…</span>
          <Keys of="mod+k" />
        </button>
        <ThemeButton />
        <button
          type="button"
          className="button button-quiet button-icon wide-only"
          aria-label="Keys"
          aria-haspopup="dialog"
          aria-keyshortcuts="?"
          title="Keys"
          onClick={() => keysList.set(true)}
        >
          <Icon name="keyboard" />
        </button>
      </header>
      <ConnectionBanner />
      <Main>
        <View />
      </Main>
      <StatusBar />
      <ToastList />
      <Overlays />
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
    { key: 'mod+k', label: 'Go to or do anything', group, run: openPalette },
    { key: '?', label: 'This list', group, run: () => keysList.set(true) },
    { key: 'mod+Enter', label: 'Send the form', group, run: sendForm, isForDialogs: true },
    { key: 'Escape', label: 'Close what lies on top', group },
  ];
}

/** Takes the focus when another page is shown, as a browser does with a page of its own. */
function Main({ children }: { readonly children: React.ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const way = useNavigationType();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    // A page with a field of its own to begin with has taken it already.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    // «Back» goes to where one was, which the browser sees to.
    if (way !== 'POP') scrollTo(0, 0);
  }, [pathname, way]);
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

/** The one in which the focus is. */
function sendForm(): void {
  document.activeElement?.closest('form')?.requestSubmit();
}
