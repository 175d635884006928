/**
 * What the page knows: every workspace and job once, whoever told it: a list, one answer, an event. What is older than
 * what is known is dropped here and nowhere else, so that a slow answer never overwrites a later event.
 */
import type { Job, UsageEvent, Workspace } from '@tidepool/core';

export interface KnownState {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly jobs: ReadonlyMap<string, Job>;
  /** Ids of workspaces that are deleted; one that is only forgotten is not among them. */
  readonly gone: ReadonlySet<string>;
}

export interface Known {
  getState(): KnownState;
  subscribe(listener: () => void): () => void;
  /** Whether a workspace is known, and was told of since the reading that is under way began. */
  knows(workspaceId: string): boolean;
  put(...workspaces: readonly Workspace[]): void;
  /** What running ones take now. */
  measure(measured: UsageEvent['workspaces']): void;
  putJob(job: Job): void;
  /** It is deleted: no late answer brings it back. */
  remove(workspaceId: string): void;
  /** Everything in use is read again from now on. At its end, if all could be read, what nobody told of since is forgotten. */
  beginReading(): { end(isWhole: boolean): void };
}

/** Of jobs that are over, the first to be told of goes when there are more: a tab may be open for weeks. */
const mostJobs = 1_000;

export function createKnown(): Known {
  let state: KnownState = { workspaces: new Map(), jobs: new Map(), gone: new Set() };
  /** For each reading under way, what it or an event told of. */
  const readings = new Set<Set<string>>();
  const listeners = new Set<() => void>();

  const change = (next: Partial<KnownState>) => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const forget = (isForgotten: (id: string) => boolean) => {
    const workspaces = new Map([...state.workspaces].filter(([id]) => !isForgotten(id)));
    if (workspaces.size !== state.workspaces.size) change({ workspaces });
  };

  /**
   * Of what is read anew nothing was told yet: the database may be an older copy, where versions begin lower and what was
   * deleted is back.
   */
  const isFresh = (id: string) => [...readings].at(-1)?.has(id) === false;

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    knows: (workspaceId) => state.workspaces.has(workspaceId) && !isFresh(workspaceId),
    put: (...incoming) => {
      const news = incoming.filter(
        ({ id, version }) =>
          isFresh(id) || (!state.gone.has(id) && version >= (state.workspaces.get(id)?.version ?? 0)),
      );
      for (const told of readings) for (const { id } of incoming) told.add(id);
      if (news.length === 0) return;
      const isBack = news.some(({ id }) => state.gone.has(id));
      change({
        ...(isBack ? { gone: new Set([...state.gone].filter((id) => !news.some((each) => each.id === id))) } : {}),
        workspaces: new Map([
          ...state.workspaces,
          ...news.map(
            (workspace) => [workspace.id, asMeasuredLast(workspace, state.workspaces.get(workspace.id))] as const,
          ),
        ]),
      });
    },
    measure: (measured) => {
      const workspaces = new Map(state.workspaces);
      for (const { id, usage, listening, lastAccessedAt } of measured) {
        const workspace = workspaces.get(id);
        // An event on its way may be of a run that has ended.
        if (workspace?.status !== 'running') continue;
        const ports = workspace.ports.map((port) => ({
          ...port,
          listening: listening?.includes(port.port) ?? null,
        }));
        workspaces.set(id, { ...workspace, usage, ports, lastAccessedAt });
      }
      if (measured.length > 0) change({ workspaces });
    },
    putJob: (job) => {
      const known = state.jobs.get(job.id);
      if (known && progressOf(known) > progressOf(job)) return;
      change({ jobs: withoutOldest(new Map([...state.jobs, [job.id, job]])) });
    },
    remove: (workspaceId) => {
      for (const told of readings) told.add(workspaceId);
      state = { ...state, gone: new Set([...state.gone, workspaceId]) };
      forget((id) => id === workspaceId);
    },
    beginReading: () => {
      const told = new Set<string>();
      readings.add(told);
      return {
        end: (isWhole) => {
          // One that begins later has taken over what this one was asking for.
          const isLast = told === [...readings].at(-1);
          readings.delete(told);
          if (isWhole && isLast) forget((id) => !told.has(id));
        },
      };
    },
  };
}

/** A measurement gives no new version: an answer that was on its way when one came keeps what is newer. */
function asMeasuredLast(told: Workspace, known: Workspace | undefined): Workspace {
  if (known?.version !== told.version || (known.usage?.at ?? '') <= (told.usage?.at ?? '')) return told;
  const { usage, ports, lastAccessedAt } = known;
  return { ...told, usage, ports, lastAccessedAt };
}

/** Those that are under way always stay. */
function withoutOldest(jobs: Map<string, Job>): ReadonlyMap<string, Job> {
  for (const { id, status } of jobs.values()) {
    if (jobs.size <= mostJobs) break;
    if (isOver(status)) jobs.delete(id);
  }
  return jobs;
}

/** A job has no version, but only ever moves forward: to its end, to its next try, through its steps. */
function progressOf({ status, failures, steps, startedAt }: Job): number {
  if (isOver(status)) return Number.POSITIVE_INFINITY;
  const stepsDone = steps.reduce((sum, step) => sum + (step.status === 'running' ? 1 : 2), 0);
  return failures * 1_000 + (startedAt === null ? 0 : 1) + stepsDone;
}

export function isOver(status: Job['status']): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
