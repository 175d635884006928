import type { Activity } from '@tidepool/core';
import { expect, test } from 'vitest';
import { groupActivity } from './group-activity.ts';

const job = { id: '01900000-0000-7000-8000-00000000000a', kind: 'start', status: 'running' } as const;

function row(id: number, type: Activity['type'], detail: Activity['detail'] = {}): Activity {
  return {
    id,
    at: '2026-03-01T12:00:00.000Z',
    type,
    actor: 'system',
    workspaceId: null,
    workspaceName: null,
    message: `row ${id}`,
    detail,
  };
}

const step = (id: number, status: 'running' | 'succeeded') =>
  row(id, status === 'running' ? 'step.started' : 'step.finished', {
    job,
    step: { name: 'ensureIde', status, durationMs: status === 'running' ? null : 5 },
  });
const requested = row(1, 'workspace.requested', { job });

test('a job is one entry, told by how it ended, its steps below it in their order', () => {
  const rows = [
    row(9, 'port.added'),
    row(4, 'workspace.settled', { job }),
    step(3, 'succeeded'),
    step(2, 'running'),
    requested,
  ];
  const entries = groupActivity(rows);
  expect(entries.map(({ head }) => head.id)).toEqual([9, 4]);
  expect(entries[1]?.rest.map(({ id }) => id)).toEqual([1, 3]);
});

test('a job under way is told by what was asked for', () => {
  const [entry] = groupActivity([step(2, 'running'), requested]);
  expect(entry?.head.id).toBe(1);
});
