/** What views ask for: one workspace, a job, the host, the connection. Each is read once and then kept true by events; lists are in `lists.ts`. */

import { useQuery } from '@tanstack/react-query';
import type { Host, Job, Problem, Workspace } from '@tidepool/core';
import { useMemo, useSyncExternalStore } from 'react';
import { problemOf } from '../api/problem-of.ts';
import { useServices } from '../services/services.ts';
import type { Connection } from './connection.ts';
import type { Known, KnownState } from './known.ts';
import { hostQuery, jobQuery, workspaceQuery } from './queries.ts';

export interface OneWorkspace {
  readonly workspace: Workspace | undefined;
  readonly problem: Problem | null;
  /** It was there when this view was opened, and is deleted. */
  readonly isGone: boolean;
}

export function useWorkspace(name: string): OneWorkspace {
  const services = useServices();
  const { data, error } = useQuery(workspaceQuery(services, name));
  const workspace = useKnown((state) => [...state.workspaces.values()].find((each) => each.name === name));
  const problem = error && problemOf(error);
  // Only what is deleted: while everything is read again, one may be missing for a moment.
  const isGone = useKnown((state) => !workspace && data !== undefined && state.gone.has(data.id));
  return { workspace, problem: workspace ? null : problem, isGone };
}

/** The job as events tell it; asked for once where none has told of it yet. */
export function useJob(id: string | null): Job | undefined {
  const services = useServices();
  const job = useKnown((state) => (id === null ? undefined : state.jobs.get(id)));
  useQuery({ ...jobQuery(services, id ?? ''), enabled: id !== null && job === undefined });
  return job;
}

export function useHost(): { readonly host: Host | undefined; readonly problem: Problem | null } {
  const { data, error } = useQuery(hostQuery(useServices()));
  return { host: data, problem: error && problemOf(error) };
}

/** Where workspaces are reached: it stays what it is while the host's figures change. */
export function useOrigins(): Host['origins'] | undefined {
  return useQuery({ ...hostQuery(useServices()), select: originsOf }).data;
}

const originsOf = ({ origins }: Host) => origins;

export function useConnection(): Connection {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.get);
}

/** Why nothing can be asked now; undefined while connected. */
export function useBlocked(): string | undefined {
  const { state } = useConnection();
  return state === 'lost' ? 'Not connected. Possible again once Tidepool answers.' : undefined;
}

export function useKnown<Selected>(select: (state: KnownState) => Selected): Selected {
  const { known } = useServices();
  return useSyncExternalStore(known.subscribe, () => select(known.getState()));
}

/** Several at once: the same array for as long as each of them is the same. @param select to be kept by who calls */
export function useKnownAll<Item>(select: (state: KnownState) => readonly Item[]): readonly Item[] {
  const { known } = useServices();
  const get = useMemo(() => steady(known, select), [known, select]);
  return useSyncExternalStore(known.subscribe, get);
}

function steady<Item>(known: Known, select: (state: KnownState) => readonly Item[]): () => readonly Item[] {
  let of: KnownState | undefined;
  let items: readonly Item[] = [];
  return () => {
    const state = known.getState();
    if (state === of) return items;
    of = state;
    const next = select(state);
    const isSame = next.length === items.length && next.every((item, index) => item === items[index]);
    if (!isSame) items = next;
    return items;
  };
}
