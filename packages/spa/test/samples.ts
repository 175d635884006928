/** A workspace and a job for tests, of which each says only what it is about. */
import type { Job, Workspace } from '@tidepool/core';

const at = '2026-03-01T12:00:00.000Z';

export function aWorkspace(change: Partial<Workspace> = {}): Workspace {
  return {
    id: '01900000-0000-7000-8000-000000000001',
    name: 'notes',
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
    path: '/workspace/notes/',
    version: 1,
    createdAt: at,
    updatedAt: at,
    statusSince: at,
    startedAt: null,
    lastAccessedAt: null,
    ...change,
  };
}

export function aJob(change: Partial<Job> = {}): Job {
  return {
    id: '01900000-0000-7000-8000-00000000000a',
    workspaceId: '01900000-0000-7000-8000-000000000001',
    workspaceName: 'notes',
    kind: 'start',
    status: 'queued',
    failures: 0,
    cancelRequested: false,
    steps: [],
    plan: ['ensureInstance', 'ensureRunning', 'ensureAddress', 'ensureIde', 'ensureRoutes'],
    error: null,
    createdAt: at,
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}
