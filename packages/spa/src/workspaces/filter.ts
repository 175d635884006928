/** What of the list is shown, as the address bar says: `?search=api&status=running`. */
import { type Status, transient, type Workspace } from '@tidepool/core';

export const statusGroups = ['running', 'changing', 'stopped', 'error'] as const;
export type StatusGroup = (typeof statusGroups)[number];

export interface Filter {
  readonly search: string;
  readonly group: StatusGroup | null;
}

export const groupWords = {
  running: 'Running',
  changing: 'Changing',
  stopped: 'Stopped',
  error: 'Error',
} as const satisfies Record<StatusGroup, string>;

export function filterOf(query: URLSearchParams): Filter {
  const group = statusGroups.find((each) => each === query.get('status')) ?? null;
  return { search: query.get('search') ?? '', group };
}

export function filterQuery({ search, group }: Filter): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('search', search);
  if (group) query.set('status', group);
  return query.toString();
}

/** Name, image or port. */
export function matches(workspace: Workspace, { search, group }: Filter): boolean {
  if (group && groupOf(workspace.status) !== group) return false;
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const { name, image, ports } = workspace;
  return [name, image, ...ports.flatMap(({ port, label }) => [String(port), label ?? ''])].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

export function groupOf(status: Status): StatusGroup {
  if (transient.includes(status)) return 'changing';
  return status === 'running' || status === 'stopped' ? status : 'error';
}
