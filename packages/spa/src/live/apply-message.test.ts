import type { ActivityEvent } from '@tidepool/core';
import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { createApplyMessage } from './apply-message.ts';
import { createKnown } from './known.ts';

const notes = aWorkspace({ version: 2, status: 'running' });
const event: ActivityEvent = {
  activity: {
    id: 7,
    at: '2026-03-01T12:00:00.000Z',
    type: 'workspace.settled',
    actor: 'system',
    workspaceId: notes.id,
    workspaceName: notes.name,
    message: 'Started',
    detail: {},
  },
  workspace: notes,
  job: aJob(),
};

function world() {
  const known = createKnown();
  const seen = { resets: 0, activities: [] as number[] };
  const apply = createApplyMessage({
    known,
    onConnection: () => {},
    onReset: () => {
      seen.resets += 1;
    },
    onActivity: ({ activity }) => seen.activities.push(activity.id),
  });
  return {
    known,
    seen,
    apply,
    send: (data: unknown) => apply({ kind: 'activity', id: 'db-7', data: JSON.stringify(data) }),
  };
}

test('an event brings its workspace, its job and its activity', () => {
  const { known, seen, send } = world();
  send(event);
  expect(known.getState().workspaces.get(notes.id)?.status).toBe('running');
  expect(known.getState().jobs.size).toBe(1);
  expect(seen).toEqual({ resets: 0, activities: [7] });
});

test('an event sent again, older than what is known, changes nothing', () => {
  const { known, send } = world();
  known.put({ ...notes, version: 5, status: 'stopped' });
  send(event);
  expect(known.getState().workspaces.get(notes.id)?.status).toBe('stopped');
});

test('an event without its workspace means that it is gone', () => {
  const { known, send } = world();
  known.put(notes);
  send({ ...event, workspace: null });
  expect(known.getState().workspaces.size).toBe(0);
});

test('what is taken now comes without an event of the log; what this version does not know of it is left out', () => {
  const { known, seen, apply } = world();
  known.put(notes);
  const usage = { cpus: 0.5, memoryMiB: 300, diskMiB: null, at: '2026-03-01T12:00:00.000Z' };
  apply({
    kind: 'usage',
    data: JSON.stringify({ workspaces: [{ id: notes.id, usage, listening: null, lastAccessedAt: usage.at }] }),
  });
  expect(known.getState().workspaces.get(notes.id)?.usage).toEqual(usage);
  expect(known.getState().workspaces.get(notes.id)?.lastAccessedAt).toBe(usage.at);
  for (const data of ['{"workspaces":[{"painted":true}]}', 'no json']) apply({ kind: 'usage', data });
  expect(seen).toEqual({ resets: 0, activities: [] });
});

test('an event that this version does not know has everything read again', () => {
  const { seen, send } = world();
  send({ ...event, activity: { ...event.activity, type: 'workspace.painted' } });
  expect(seen).toEqual({ resets: 1, activities: [] });
});
