import { type Action, can, type Status, transitions, type Verb, type Workspace } from '@tidepool/core';
import { describe, expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, type TestStore } from '../test/open-test-store.ts';

const verbs: readonly Verb[] = ['start', 'stop', 'restart', 'delete', 'retry'];

/** Each status, and each action that can have failed, with the way there. */
const situations: Record<string, (test: TestStore) => string> = {
  creating: ({ request }) => request('web').workspace.id,
  'creating, claimed': ({ request, claim }) => {
    const { workspace, job } = request('web');
    claim(job.id);
    return workspace.id;
  },
  starting: (test) => ask(test, test.stopped('web'), 'start'),
  running: ({ running }) => running('web'),
  'running, ports changing': ({ running, store }) => {
    const id = running('web');
    store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
    return id;
  },
  stopping: (test) => ask(test, test.running('web'), 'stop'),
  stopped: ({ stopped }) => stopped('web'),
  deleting: (test) => ask(test, test.stopped('web'), 'delete'),
  'create failed': ({ request, finish, failure }) => {
    const { workspace, job } = request('web');
    finish(job.id, failure(true));
    return workspace.id;
  },
  'start failed': (test) => fail(test, test.stopped('web'), 'start'),
  'stop failed': (test) => fail(test, test.running('web'), 'stop'),
  'restart failed': (test) => fail(test, test.running('web'), 'restart'),
  'delete failed': (test) => fail(test, test.stopped('web'), 'delete'),
};

function ask({ store }: TestStore, id: string, verb: Verb): string {
  store.act(id, verb, asUser);
  return id;
}

function fail({ store, finish, failure }: TestStore, id: string, verb: Verb): string {
  finish(store.act(id, verb, asUser).job.id, failure(false));
  return id;
}

/** What the design says becomes of `verb`: the job's kind, or the refusal's code. */
function expected(verb: Verb, workspace: Workspace): Action | 'job_in_the_way' | 'wrong_status' {
  if (verb === 'delete' && workspace.status !== 'deleting') return 'delete';
  if (workspace.jobId !== null) return 'job_in_the_way';
  if (!can(verb, workspace)) return 'wrong_status';
  return verb === 'retry' ? (workspace.error?.action ?? 'wrong_status') : verb;
}

describe.each(Object.entries(situations))('%s', (_name, arrange) => {
  test.each(verbs)('%s is accepted or refused as the table says', (verb) => {
    const fixture = openTestStore();
    const { store, violations } = fixture;
    const id = arrange(fixture);
    const before = store.workspace(id);
    if (!before) throw new Error('the situation makes a workspace');
    const lastActivity = store.activityBounds().last;
    const outcome = expected(verb, before);

    if (outcome === 'job_in_the_way' || outcome === 'wrong_status') {
      expect(codeOf(() => store.act(id, verb, asUser))).toBe(outcome);
      expect(store.workspace(id)).toEqual(before);
      expect(store.activityBounds().last).toBe(lastActivity);
    } else {
      const { workspace, job } = store.act(id, verb, asUser);
      const via: Status = transitions[outcome].via;
      expect(workspace).toMatchObject({ status: via, jobId: job.id, error: null, stopReason: null });
      expect(workspace.version).toBeGreaterThan(before.version);
      expect(job).toMatchObject({ kind: outcome, workspaceId: id, failures: 0, steps: [] });
      const [said] = store.activity({ workspaceId: id, limit: 1 }).items;
      expect(said).toMatchObject({
        type: 'workspace.requested',
        actor: 'user',
        detail: { job: { id: job.id }, from: before.status, status: via },
      });
    }
    expect(violations()).toEqual([]);
  });
});

test('a refusal names the job in the way', () => {
  const { store, running } = openTestStore();
  const id = running('web');
  const { job } = store.act(id, 'stop', asUser);
  try {
    store.act(id, 'restart', asUser);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: 'job_in_the_way',
      extra: { job: { id: job.id, kind: 'stop', status: 'queued' } },
    });
  }
});

test('whoever comes second is told what the first one did, and when', () => {
  const { store, running, finish, pass } = openTestStore();
  const id = running('web');
  const { job } = store.act(id, 'stop', asUser);
  pass(1_500);
  expect(() => store.act(id, 'stop', asUser)).toThrow('Stopping it, asked for 1.5 s ago, is under way.');
  finish(job.id);
  pass(2_000);
  expect(() => store.act(id, 'stop', asUser)).toThrow('It was stopped 2.0 s ago. It is stopped.');
  pass(60_000);
  expect(() => store.act(id, 'stop', asUser)).toThrow(/^It is stopped\./);
});

test('an id or a name serves, and what is gone says when it went', () => {
  const { store, running, finish } = openTestStore();
  running('web');
  finish(store.act('web', 'delete', asUser).job.id);
  expect(codeOf(() => store.act('web', 'start', asUser))).toBe('workspace_not_found');
  expect(() => store.act('web', 'start', asUser)).toThrow('was deleted at 2026-03-01T12:00:00.000Z');
  expect(() => store.act('other', 'start', asUser)).toThrow('There is no workspace "other".');
});

test('a name in use is refused, and free again after the delete', () => {
  const { store, request, running, finish } = openTestStore();
  const first = running('web');
  expect(codeOf(() => request('web'))).toBe('name_taken');
  finish(store.act('web', 'delete', asUser).job.id);
  expect(request('web').workspace.id).not.toBe(first);
  expect(store.tombstone(first)).toMatchObject({ name: 'web' });
});
