/** One workspace: its head, and one of its sections below. */
import type { Workspace } from '@tidepool/core';
import { Suspense, useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation, useOutletContext, useParams } from 'react-router';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { useBlocked, useConnection, useWorkspace } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { paths, type Section } from '../routing/paths.ts';
import { MainActionButton } from '../workspaces/main-action-button.tsx';
import { GonePage, UnknownWorkspace } from '../workspaces/missing-workspace.tsx';
import { Since } from '../workspaces/since.tsx';
import { statusLine, statusWords } from '../workspaces/status-words.ts';
import { useAct } from '../workspaces/use-act.ts';
import { whyDisabled } from '../workspaces/verbs.ts';
import { WorkspaceMenu } from '../workspaces/workspace-menu.tsx';

const sectionWords = {
  ports: 'Ports',
  activity: 'Activity',
  logs: 'Logs',
  settings: 'Settings',
} as const satisfies Record<Section, string>;

export function WorkspacePage() {
  const { name = '' } = useParams();
  const { workspace, problem, isGone } = useWorkspace(name);
  if (isGone) return <GonePage name={name} />;
  if (problem) return <UnknownWorkspace name={name} problem={problem} />;
  if (!workspace) return null;
  return (
    <>
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to={paths.home()}>Workspaces</Link> <Icon name="right" />
        <span className="mono">{name}</span>
      </nav>
      <Head workspace={workspace} />
      <Sections workspace={workspace} />
      <Suspense>
        <Outlet context={workspace} />
      </Suspense>
    </>
  );
}

/** For the sections: the workspace whose page they are part of. */
export function usePageWorkspace(): Workspace {
  return useOutletContext<Workspace>();
}

function Head({ workspace }: { readonly workspace: Workspace }) {
  const { name, status } = workspace;
  const now = useNow(10_000);
  const { state } = useConnection();
  const { since, joint, why } = statusLine(workspace, now);
  const word = statusWords[status];
  return (
    <div className="head">
      <h1 className="mono">{name}</h1>
      <span className="status-pill">
        <StatusShape status={status} /> {state === 'lost' ? `Was ${word.toLowerCase()}` : word}
      </span>
      <span className="muted">
        {since !== null && <Since at={since} />}
        {/* The panel below says it in full. */}
        {status !== 'error' && `${since === null ? '' : joint}${why}`}
      </span>
      <div className="row push">
        <WorkspaceMenu workspace={workspace} />
        <StopButton workspace={workspace} />
        <MainActionButton workspace={workspace} place="page" />
      </div>
    </div>
  );
}

/** Beside the way into it, what is wanted most often of a running one. */
function StopButton({ workspace }: { readonly workspace: Workspace }) {
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  if (workspace.status !== 'running') return null;
  return (
    <ActionButton
      why={whyDisabled('stop', workspace, blocked)}
      isPending={isPending}
      onClick={() => void act('stop', workspace)}
    >
      <Icon name="stop" /> Stop
    </ActionButton>
  );
}

function Sections({ workspace: { name, ports } }: { readonly workspace: Workspace }) {
  const tabs = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab is another one with each address
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={tabs} className="tabs" aria-label={`Sections of ${name}`}>
      <NavLink to={paths.workspace(name)} end>
        Overview
      </NavLink>
      <NavLink to={paths.section(name, 'ports')}>
        {sectionWords.ports} {ports.length > 0 && <span className="count">{ports.length}</span>}
      </NavLink>
      {(['activity', 'logs', 'settings'] as const).map((section) => (
        <NavLink key={section} to={paths.section(name, section)}>
          {sectionWords[section]}
        </NavLink>
      ))}
    </nav>
  );
}
