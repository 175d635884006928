/** A small world behind the page: workspaces, jobs and events in the contract's shape, moved by the test. */
import type {
  ActivityEvent,
  ActivityType,
  Finding,
  Host,
  Job,
  JobKind,
  Status,
  StepName,
  Workspace,
} from '@tidepool/core';
import { plans, portPath, workspacePath } from '@tidepool/core';

export interface World {
  readonly workspaces: Map<string, Workspace>;
  readonly jobs: Map<string, Job>;
  readonly events: { readonly id: number; readonly data: ActivityEvent }[];
  host: Host;
  onEvent(listener: (id: number, data: ActivityEvent) => void): () => void;
  add(name: string, change?: Partial<Workspace>): Workspace;
  change(id: string, change: Partial<Workspace>, type?: ActivityType, message?: string): Workspace;
  accept(workspace: Workspace, kind: JobKind, via: Status): { workspace: Workspace; job: Job };
  step(jobId: string, name: StepName, state: 'running' | 'succeeded' | 'failed'): void;
  finish(jobId: string, error?: NonNullable<Job['error']>): void;
  remove(id: string): void;
}

const uuid = (group: string, number: number) => `0190${group}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

export function createWorld(): World {
  const workspaces = new Map<string, Workspace>();
  const jobs = new Map<string, Job>();
  const events: World['events'] = [];
  const listeners = new Set<(id: number, data: ActivityEvent) => void>();
  let count = 0;
  const now = () => new Date().toISOString();

  const emit = (type: ActivityType, message: string, workspace: Workspace | null, job: Job | null, isGone = false) => {
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
        },
      },
      workspace: isGone ? null : workspace,
      job,
    };
    events.push({ id, data });
    for (const listener of listeners) listener(id, data);
  };
  const put = (workspace: Workspace): Workspace => {
    workspaces.set(workspace.id, workspace);
    return workspace;
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
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
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
        plan: [...plans[kind]],
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
      emit(type, `Step ${name} ${state}`, get(job.workspaceId), changed);
    },
    finish: (jobId, error) => {
      const job: Job = {
        ...getJob(jobId),
        status: error ? 'failed' : 'succeeded',
        error: error ?? null,
        finishedAt: now(),
      };
      jobs.set(jobId, job);
      const before = get(job.workspaceId);
      const settled = { ...before, jobId: null, version: before.version + 1 };
      if (job.kind === 'delete' && !error) {
        workspaces.delete(before.id);
        emit('workspace.gone', 'Deleted', settled, job, true);
        return;
      }
      const failed = error && {
        status: 'error' as const,
        error: { ...error, action: job.kind === 'routes' ? ('start' as const) : job.kind },
      };
      const ended = job.kind === 'stop' ? aStopped : { ...aRunning, startedAt: now() };
      emit('workspace.settled', error ? 'Failed' : `${job.kind} done`, put({ ...settled, ...(failed ?? ended) }), job);
    },
    remove: (id) => {
      const workspace = get(id);
      workspaces.delete(id);
      emit('workspace.gone', 'Deleted', workspace, null, true);
    },
  };
  return world;
}

export const aRunning = { status: 'running', address: '10.4.0.7', stopReason: null } as const;
const aStopped = { status: 'stopped', address: null, stopReason: 'requested' } as const;

export function aPort(name: string, port: number, label: string | null = null) {
  return { port, label, stripPrefix: true, path: portPath(name, port), createdAt: new Date().toISOString() };
}

function aHost(): Host {
  const found = (id: string, status: Finding['status'], title: string): Finding => ({
    id,
    title,
    status,
    detail: status === 'ok' ? 'Found.' : 'Raise it in the shell that starts Tidepool.',
    fix: status === 'ok' ? null : 'Above about 40 workspaces new connections will fail.',
    commands: status === 'ok' ? [] : ['ulimit -n 65536'],
  });
  return {
    observed: {
      runtime: {
        kind: 'sandbox',
        version: 'bubblewrap 0.8.0',
        capabilities: {
          isolation: 'namespaces',
          limits: false,
          diskLimit: false,
          pause: false,
          snapshot: false,
          clone: false,
          console: true,
          usage: false,
          rootInside: false,
        },
      },
      routes: { kind: 'file', caddyVersion: '2.6.2', healthy: true },
      images: [
        { name: 'workspace', version: '3f9c2a', builtAt: '2026-03-01T12:00:00.000Z', sizeMiB: 300, current: true },
      ],
      cpus: 8,
      totalMemoryMiB: 32_768,
      disk: { totalMiB: 245_760, freeMiB: 120_832 },
      findings: [
        found('bubblewrap', 'ok', 'bubblewrap is installed'),
        found('passt', 'ok', 'passt is installed'),
        found('files', 'warning', 'Open files are limited to 1024'),
      ],
      observedAt: new Date().toISOString(),
    },
    capacity: { budgetMiB: 30_720, usedMiB: 0, freeMiB: 30_720 },
    counts: { total: 0, running: 0, openJobs: 0 },
    worker: { alive: true },
    queue: { kind: 'embedded', endpoint: 'http://127.0.0.1:9324', healthy: true, detail: 'It answers.' },
    defaults: { cpus: 2, memoryMiB: 4096, diskGiB: 20, image: 'workspace' },
    origins: { app: null, workspace: null, workspacePort: 8081 },
    versions: { tidepool: '0.1.0', node: '24.21.0' },
    typical: { createMs: 1400, startMs: 620 },
  };
}
