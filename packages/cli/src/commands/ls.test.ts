import type { Workspace } from '@tidepool/core';
import { expect, test } from 'vitest';
import { workspaceTable } from './ls.ts';

const at = '2026-03-01T12:34:56.000Z';
const web: Workspace = {
  id: '0198a000-0000-7000-8000-000000000001',
  name: 'web-app',
  status: 'running',
  image: 'workspace@1',
  cpus: 4,
  memoryMiB: 4096,
  diskGiB: 20,
  inForce: { cpus: 2, memoryMiB: 1024, diskGiB: 20 },
  source: null,
  usage: { cpus: 0.5, memoryMiB: 300, diskMiB: null, at },
  address: null,
  error: null,
  stopReason: null,
  jobId: null,
  ports: [
    { port: 3000, label: 'shop', listening: false, stripPrefix: true, path: '/', createdAt: at },
    { port: 4000, label: null, listening: true, stripPrefix: true, path: '/', createdAt: at },
  ],
  path: '/workspace/web-app/',
  version: 1,
  createdAt: at,
  updatedAt: at,
  statusSince: at,
  startedAt: at,
  lastAccessedAt: at,
};
const cells = (workspace: Workspace) =>
  workspaceTable([workspace])
    .split('\n')
    .slice(3, -1)
    .map((line) =>
      line
        .split('│')
        .map((cell) => cell.trim())
        .filter(Boolean),
    );

test('what runs shows what it takes of what its run was given, and where nothing listens', () => {
  expect(cells(web)).toEqual([
    ['web-app', 'running', '300 of 1024 MiB', '0.5 of 2', '2026-03-01 12:34', '3000 shop (nothing listens)'],
    ['4000'],
  ]);
});

test('what does not run shows the size of its next start, and what failed', () => {
  const error = { code: 'instance_failed', message: 'It ended.', action: 'start', fix: 'Try again.' } as const;
  const failed: Workspace = {
    ...web,
    status: 'error',
    error,
    inForce: null,
    usage: null,
    lastAccessedAt: null,
    ports: [],
  };
  expect(cells(failed)).toEqual([['web-app', 'error: start', '4096 MiB', '4', 'never']]);
});
