/** What can be gone to and done with one workspace. */
import type { Verb, Workspace } from '@tidepool/core';
import { paths, type Section, sections } from '../routing/paths.ts';
import { formatAgo } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { statusWords } from '../workspaces/status-words.ts';
import { otherVerbs, verbs, whyDisabled } from '../workspaces/verbs.ts';
import type { Entry } from './entry.ts';

export interface WorkspaceDoings {
  readonly go: (path: string) => void;
  /** Opens a page of the workspace origin in a new tab. */
  readonly open: (path: string) => void;
  readonly act: (verb: Verb, workspace: Workspace) => void;
  readonly remove: (workspace: Workspace) => void;
  readonly copyAddress: (workspace: Workspace) => void;
  /** Why nothing can be asked now. */
  readonly blocked: string | undefined;
  /** Milliseconds of the server's clock. */
  readonly now: number;
}

const sectionFaces = {
  ports: { label: 'Ports', mark: 'open' },
  activity: { label: 'Activity', mark: 'info' },
  logs: { label: 'Logs', mark: 'log' },
  settings: { label: 'Settings', mark: 'gear' },
} as const satisfies Record<Section, Pick<Entry, 'mark'> & { readonly label: string }>;

export function workspaceEntries(workspace: Workspace, doings: WorkspaceDoings): readonly Entry[] {
  const { id, name, status, path } = workspace;
  const isOpen = status === 'running';
  const page: Entry = {
    id: `go ${id}`,
    group: 'Workspaces',
    mark: status,
    label: [{ mono: name }],
    hint: hintOf(workspace, doings.now),
    run: () => doings.go(paths.workspace(name)),
    ...(isOpen ? { runBeside: () => doings.open(path) } : {}),
  };
  const places = sections.map(
    (section): Entry => ({
      id: `${section} ${id}`,
      group: 'Go to',
      mark: sectionFaces[section].mark,
      label: [`${sectionFaces[section].label} of `, { mono: name }],
      run: () => doings.go(paths.section(name, section)),
    }),
  );
  return [page, ...doable(workspace, doings), ...ports(workspace, doings), ...places];
}

/** First what makes sense now, what cannot be done last, with its reason. */
function doable(workspace: Workspace, doings: WorkspaceDoings): readonly Entry[] {
  const { id, name, path, status, memoryMiB } = workspace;
  const { act, open, remove, copyAddress, blocked } = doings;
  const main: readonly Verb[] = status === 'error' ? ['retry'] : status === 'running' ? [] : ['start'];
  const asked = [...main, ...otherVerbs(workspace).filter((verb) => verb !== 'delete' && !main.includes(verb))];
  const entryOf = (verb: Verb): Entry => ({
    id: `${verb} ${id}`,
    group: 'Do',
    mark: verbs[verb].icon,
    label: [`${verbs[verb].label} `, { mono: name }],
    why: whyDisabled(verb, workspace, blocked),
    ...(verb === 'stop' ? { hint: `gives back ${formatMemory(memoryMiB)}` } : {}),
    ...(verb === 'start' ? { hint: `takes ${formatMemory(memoryMiB)}` } : {}),
    run: () => act(verb, workspace),
  });
  const opening: Entry = {
    id: `open ${id}`,
    group: 'Do',
    mark: 'open',
    label: ['Open ', { mono: name }, ' in the editor'],
    hint: 'new tab',
    why: blocked ?? (status === 'running' ? undefined : 'It does not run.'),
    run: () => open(path),
  };
  const copying: Entry = {
    id: `copy ${id}`,
    group: 'Do',
    mark: 'copy',
    label: ['Copy the address of ', { mono: name }],
    run: () => copyAddress(workspace),
  };
  const removing: Entry = {
    id: `delete ${id}`,
    group: 'Do',
    mark: 'trash',
    label: ['Delete ', { mono: name }, '…'],
    alias: 'remove',
    why: whyDisabled('delete', workspace, blocked),
    run: () => remove(workspace),
  };
  return [opening, ...asked.map(entryOf), copying, removing];
}

function ports({ id, name, status, ports: all }: Workspace, { open }: WorkspaceDoings): readonly Entry[] {
  return all.map(({ port, label, path, listening }) => ({
    id: `port ${port} ${id}`,
    group: 'Ports',
    mark: 'open',
    label: ['Open ', { mono: String(port) }, ` ${label ?? 'port'} of `, { mono: name }],
    hint: status === 'running' && listening === false ? 'nothing listens yet' : 'new tab',
    why: status === 'running' ? undefined : `${name} does not run.`,
    run: () => open(path),
  }));
}

function hintOf({ status, lastAccessedAt }: Workspace, now: number): string {
  const word = statusWords[status].toLowerCase();
  return lastAccessedAt === null ? word : `${word}, used ${formatAgo(Date.parse(lastAccessedAt), now)}`;
}
