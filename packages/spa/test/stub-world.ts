/** A small world behind the page: workspaces, jobs and events in the contract's shape, moved by the test. */
import type {
  ActivityDetail,
  ActivityEvent,
  ActivityType,
  Host,
  HostSample,
  Job,
  JobKind,
  LogLine,
  Status,
  StepName,
  UsageEvent,
  Workspace,
} from '@tidepool/core';
import { isSideKind, planOf, portPath, workspacePath } from '@tidepool/core';
import { aHost } from './stub-host.ts';

export interface World {
  readonly workspaces: Map<string, Workspace>;
  readonly jobs: Map<string, Job>;
  readonly events: { readonly id: number; readonly data: ActivityEvent }[];
  host: Host;
  /** What the host took in the last hour. */
  readonly samples: HostSample[];
  onEvent(listener: (id: number, data: ActivityEvent) => void): () => void;
  onUsage(listener: (measured: UsageEvent) => void): () => void;
  /** A running one takes so much now, and something answers at these of its ports. */
  measure(
    id: string,
    taken: { cpus: number; memoryMiB: number; diskMiB: number | null },
    also?: { listening?: readonly number[]; lastAccessedAt?: string },
  ): void;
  add(name: string, change?: Partial<Workspace>): Workspace;
  change(id: string, change: Partial<Workspace>, type?: ActivityType, message?: string): Workspace;
  accept(workspace: Workspace, kind: JobKind, via: Status): { workspace: Workspace; job: Job };
  step(jobId: string, name: StepName, state: 'running' | 'succeeded' | 'failed'): void;
  finish(jobId: string, error?: NonNullable<Job['error']>): void;
  /** Ends it where it is. Its workspace stays as it is. */
  cancel(jobId: string): void;
  remove(id: string): void;
  /** What a workspace's log holds. */
  logOf(id: string): readonly LogLine[];
  onLog(id: string, listener: (lines: readonly LogLine[]) => void): () => void;
  /** Its machine prints these: information of this moment, where nothing else is said. */
  print(id: string, ...lines: readonly (string | Partial<LogLine>)[]): void;
}

const uuid = (group: string, number: number) => `0190${group}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

export function createWorld(): World {
  const workspaces = new Map<string, Workspace>();
  const jobs = new Map<string, Job>();
  const events: World['events'] = [];
  const listeners = new Set<(id: number, data: ActivityEvent) => void>();
  const usageListeners = new Set<(measured: UsageEvent) => void>();
  const logs = new Map<string, LogLine[]>();
  const logListeners = new Map<string, Set<(lines: readonly LogLine[]) => void>>();
  let count = 0;
  const now = () => new Date().toISOString();

  const emit = (
    type: ActivityType,
    message: string,
    workspace: Workspace | null,
    job: Job | null,
    { isGone = false, ...detail }: { readonly isGone?: boolean } & ActivityDetail = {},
  ) => {
    const id = events.length + 1;
    const data: ActivityEvent = {
      activity: {
        id,
        at: now(),
        type,
        actor: type === 'workspace.requested' ? 'user' : 'system',
        workspaceId: workspace?.id ?? null,
        workspaceName: workspace?.name ?? null,
        message,
        detail: {
          ...(job ? { job: { id: job.id, kind: job.kind, status: job.status } } : {}),
          ...(workspace ? { status: workspace.status } : {}),
          ...detail,
        },
      },
      workspace: isGone ? null : workspace,
      job,
    };
    events.push({ id, data });
    for (const listener of listeners) listener(id, data);
  };
  const put = (workspace: Workspace): Workspace => {
    const before = workspaces.get(workspace.id);
    const isMoved = before && before.status !== workspace.status && before.statusSince === workspace.statusSince;
    const after = isMoved ? { ...workspace, statusSince: now() } : workspace;
    workspaces.set(workspace.id, after);
    return after;
  };
  const get = (id: string): Workspace => {
    const workspace = workspaces.get(id);
    if (!workspace) throw new Error(`no workspace ${id}`);
    return workspace;
  };
  const getJob = (id: string): Job => {
    const job = jobs.get(id);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  };

  const world: World = {
    workspaces,
    jobs,
    events,
    host: aHost(),
    samples: [],
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onUsage: (listener) => {
      usageListeners.add(listener);
      return () => usageListeners.delete(listener);
    },
    measure: (id, taken, { listening, lastAccessedAt = get(id).lastAccessedAt ?? undefined } = {}) => {
      const usage = { ...taken, at: now() };
      const before = get(id);
      const ports = before.ports.map((port) => ({ ...port, listening: listening?.includes(port.port) ?? null }));
      put({ ...before, usage, ports, lastAccessedAt: lastAccessedAt ?? null });
      const measured = {
        id,
        usage,
        listening: listening ? [...listening] : null,
        lastAccessedAt: lastAccessedAt ?? null,
      };
      for (const listener of usageListeners) listener({ workspaces: [measured] });
    },
    add: (name, change = {}) => {
      count += 1;
      return put({
        id: uuid('aaaa', count),
        name,
        status: 'stopped',
        image: 'workspace@3f9c2a',
        cpus: 2,
        memoryMiB: 4096,
        diskGiB: 20,
        inForce: null,
        source: null,
        usage: null,
        address: null,
        error: null,
        stopReason: 'requested',
        jobId: null,
        ports: [],
        path: workspacePath(name),
        version: 1,
        createdAt: now(),
        updatedAt: now(),
        statusSince: now(),
        startedAt: null,
        lastAccessedAt: null,
        ...change,
      });
    },
    change: (id, change, type = 'workspace.changed', message = 'Changed') => {
      const before = get(id);
      const after = put({ ...before, ...change, version: before.version + 1, updatedAt: now() });
      emit(type, message, after, null);
      return after;
    },
    accept: (workspace, kind, via) => {
      count += 1;
      const job: Job = {
        id: uuid('bbbb', count),
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        kind,
        status: 'queued',
        failures: 0,
        cancelRequested: false,
        steps: [],
        plan: planOf(kind, workspace.source?.status ?? null),
        error: null,
        createdAt: now(),
        startedAt: null,
        finishedAt: null,
      };
      jobs.set(job.id, job);
      const after = put({ ...workspace, status: via, jobId: job.id, error: null, version: workspace.version + 1 });
      emit('workspace.requested', `${kind} requested`, after, job);
      return { workspace: after, job };
    },
    step: (jobId, name, state) => {
      const job = getJob(jobId);
      const others = job.steps.filter((step) => step.name !== name);
      const old = job.steps.find((step) => step.name === name);
      const startedAt = old?.startedAt ?? now();
      const durationMs = state === 'running' ? null : Date.now() - Date.parse(startedAt);
      const changed: Job = {
        ...job,
        status: 'running',
        startedAt: job.startedAt ?? now(),
        steps: [...others, { name, status: state, startedAt, durationMs }],
      };
      jobs.set(jobId, changed);
      const type = state === 'running' ? 'step.started' : 'step.finished';
      emit(type, `Step ${name} ${state}`, get(job.workspaceId), changed, { step: { name, status: state, durationMs } });
    },
    finish: (jobId, error) => {
      const job: Job = {
        ...getJob(jobId),
        status: error ? 'failed' : 'succeeded',
        error: error ?? null,
        finishedAt: now(),
      };
      jobs.set(jobId, job);
      const durationMs = Date.now() - Date.parse(job.createdAt);
      const detail = { durationMs, ...(error ? { error } : {}) };
      const before = get(job.workspaceId);
      const settled = { ...before, jobId: null, version: before.version + 1 };
      if (isSideKind(job.kind)) {
        const { source } = settled;
        const cloned = { status: error ? ('failed' as const) : ('cloned' as const), error: error ?? null };
        const after = job.kind === 'source' && source ? { ...settled, source: { ...source, ...cloned } } : settled;
        emit('job.finished', error ? `Could not: ${error.message}` : `${job.kind} done`, put(after), job, detail);
        return;
      }
      if (job.kind === 'delete' && !error) {
        workspaces.delete(before.id);
        emit('workspace.gone', 'Deleted', settled, job, { isGone: true, ...detail });
        return;
      }
      const failed = error && {
        status: 'error' as const,
        error: { ...error, action: job.kind },
      };
      const { cpus, memoryMiB, diskGiB } = before;
      const running = { ...aRunning, startedAt: now(), inForce: { cpus, memoryMiB, diskGiB } };
      const ended = job.kind === 'stop' ? aStopped : running;
      const message = error ? 'Failed' : `${job.kind} done`;
      emit('workspace.settled', message, put({ ...settled, ...(failed ?? ended) }), job, detail);
    },
    cancel: (jobId) => {
      const job: Job = { ...getJob(jobId), status: 'cancelled', finishedAt: now() };
      jobs.set(jobId, job);
      const before = get(job.workspaceId);
      emit('job.finished', 'Cancelled', put({ ...before, jobId: null, version: before.version + 1 }), job);
    },
    remove: (id) => {
      const workspace = get(id);
      workspaces.delete(id);
      emit('workspace.gone', 'Deleted', workspace, null, { isGone: true });
    },
    logOf: (id) => logs.get(id) ?? [],
    onLog: (id, listener) => {
      const all = logListeners.get(id) ?? new Set();
      logListeners.set(id, all.add(listener));
      return () => all.delete(listener);
    },
    print: (id, ...lines) => {
      const printed = lines.map((line): LogLine => {
        const own = typeof line === 'string' ? { message: line } : line;
        return { at: now(), level: 'info', source: 'instance', message: '', ...own };
      });
      logs.set(id, [...(logs.get(id) ?? []), ...printed]);
      for (const listener of logListeners.get(id) ?? []) listener(printed);
    },
  };
  return world;
}

export const aRunning = { status: 'running', address: '10.4.0.7', stopReason: null } as const;
const aStopped = { status: 'stopped', address: null, stopReason: 'requested', usage: null, inForce: null } as const;

export function aPort(name: string, port: number, label: string | null = null) {
  return {
    port,
    label,
    listening: null,
    stripPrefix: true,
    path: portPath(name, port),
    createdAt: new Date().toISOString(),
  };
}
