/** What of the list is shown and in which order, as the address bar says: `?search=api&status=running&sort=-lastUsed`. */
import { type Status, statuses, transient } from '@tidepool/core';
import type { ListQuery } from '../live/list-query.ts';

export const statusGroups = ['running', 'changing', 'stopped', 'error'] as const;
export type StatusGroup = (typeof statusGroups)[number];

const sorts = ['name', '-lastUsed', 'lastUsed'] as const satisfies readonly ListQuery['sort'][];

export interface Filter {
  readonly search: string;
  readonly group: StatusGroup | null;
  readonly sort: ListQuery['sort'];
}

export const groupWords = {
  running: 'Running',
  changing: 'Changing',
  stopped: 'Stopped',
  error: 'Error',
} as const satisfies Record<StatusGroup, string>;

/** The server takes no longer one. */
export const longestSearch = 40;

export const everything: Filter = { search: '', group: null, sort: 'name' };

export function filterOf(query: URLSearchParams): Filter {
  return {
    search: (query.get('search') ?? '').trim().slice(0, longestSearch),
    group: statusGroups.find((each) => each === query.get('status')) ?? null,
    sort: sorts.find((each) => each === query.get('sort')) ?? 'name',
  };
}

export function filterQuery({ search, group, sort }: Filter): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('search', search);
  if (group) query.set('status', group);
  if (sort !== 'name') query.set('sort', sort);
  return query.toString();
}

export function statusesOf(group: StatusGroup | null): readonly Status[] | null {
  return group && statusesIn[group];
}

function groupOf(status: Status): StatusGroup {
  if (transient.includes(status)) return 'changing';
  return status === 'running' || status === 'stopped' ? status : 'error';
}

const statusesIn: Readonly<Record<StatusGroup, readonly Status[]>> = {
  running: statuses.filter((status) => groupOf(status) === 'running'),
  changing: statuses.filter((status) => groupOf(status) === 'changing'),
  stopped: statuses.filter((status) => groupOf(status) === 'stopped'),
  error: statuses.filter((status) => groupOf(status) === 'error'),
};

/** How many of a group there are; of all where it is null. */
export function countOf(counts: Readonly<Record<Status, number>>, group: StatusGroup | null): number {
  return (statusesOf(group) ?? statuses).reduce((sum, status) => sum + counts[status], 0);
}
