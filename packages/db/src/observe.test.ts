import { expect, test } from 'vitest';
import { asUser, codeOf, openTestStore, type TestStore } from '../test/open-test-store.ts';

const versionOf = ({ store }: TestStore, id: string) => store.workspace(id)?.version ?? 0;

test('a running workspace whose machine is gone becomes stopped, with the reason in its activity', () => {
  const fixture = openTestStore();
  const { store, running, violations } = fixture;
  const id = running('web');
  let routesRemoved = false;
  const applied = store.foundStopped(id, versionOf(fixture, id), 'instance_gone', () => {
    routesRemoved = true;
  });
  expect([applied, routesRemoved]).toEqual([true, true]);
  expect(store.workspace(id)).toMatchObject({ status: 'stopped', stopReason: 'instance_gone', address: null });
  expect(store.activity({ workspaceId: id, limit: 1 }).items[0]).toMatchObject({
    type: 'workspace.reconciled',
    message: 'Found stopped: its machine is gone, and its files with it',
    detail: { from: 'running', status: 'stopped', reason: 'instance_gone' },
  });
  expect(violations()).toEqual([]);
});

test('a stopped workspace whose machine is gone says so, once, and no more when it is back', () => {
  const fixture = openTestStore();
  const { store, running, stopped, violations } = fixture;
  const id = stopped('web');
  const found = (isGone: boolean) => store.foundGone(id, versionOf(fixture, id), isGone);
  const newest = () => store.activity({ workspaceId: id, limit: 1 }).items[0]?.message;
  expect(found(false)).toBe(false);
  expect([found(true), found(true)]).toEqual([true, false]);
  expect(store.workspace(id)).toMatchObject({ status: 'stopped', stopReason: 'instance_gone' });
  expect(newest()).toBe('Its machine is gone, and its files with it');
  expect(store.foundGone(id, versionOf(fixture, id) - 1, false)).toBe(false);
  expect([found(false), found(false)]).toEqual([true, false]);
  expect(store.workspace(id)?.stopReason).toBe('requested');
  expect(newest()).toBe('Its machine is back');
  const other = running('other');
  expect(store.foundGone(other, versionOf(fixture, other), true)).toBe(false);
  expect(violations()).toEqual([]);
});

test('a repair of what has changed since it was looked at does nothing', () => {
  const fixture = openTestStore();
  const { store, running, finish } = fixture;
  const id = running('web');
  const seen = versionOf(fixture, id);
  const inside = () => expect.unreachable();
  finish(store.act(id, 'restart', asUser).job.id);
  expect(store.foundStopped(id, seen, 'instance_gone', inside)).toBe(false);
  expect(codeOf(() => store.guardedByVersion('web', { id, version: seen }, inside))).toBe('fence_lost');
  store.act(id, 'stop', asUser);
  expect(store.foundStopped(id, versionOf(fixture, id), 'instance_gone', inside)).toBe(false);
  expect(codeOf(() => store.guardedByVersion('web', { id, version: versionOf(fixture, id) }, inside))).toBe(
    'fence_lost',
  );
  expect(store.foundStopped('nobody', 1, 'instance_gone', inside)).toBe(false);
});

test('nothing is repaired beside an open job, not even one that leaves the workspace running', () => {
  const fixture = openTestStore();
  const { store, running, violations } = fixture;
  const id = running('web');
  store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
  const version = versionOf(fixture, id);
  const inside = () => expect.unreachable();
  expect(store.foundStopped(id, version, 'instance_gone', inside)).toBe(false);
  expect(codeOf(() => store.guardedByVersion('web', { id, version }, inside))).toBe('fence_lost');
  expect(violations()).toEqual([]);
});

test('a repair that throws is undone whole', () => {
  const fixture = openTestStore();
  const { store, running } = fixture;
  const id = running('web');
  const inside = () => {
    throw new Error('rename failed');
  };
  expect(() => store.foundStopped(id, versionOf(fixture, id), 'instance_gone', inside)).toThrow('rename failed');
  expect(store.workspace(id)?.status).toBe('running');
});

test('routes of a name are repaired only while it is as it was seen, and of nobody only while there is nobody', () => {
  const fixture = openTestStore();
  const { store, running, request } = fixture;
  const id = running('web');
  const done: string[] = [];
  store.guardedByVersion('web', { id, version: versionOf(fixture, id) }, () => done.push('web'));
  store.guardedByVersion('ghost', null, () => done.push('ghost'));
  expect(done).toEqual(['web', 'ghost']);
  request('ghost');
  expect(codeOf(() => store.guardedByVersion('ghost', null, () => expect.unreachable()))).toBe('fence_lost');
  expect(codeOf(() => store.guardedByVersion('gone', { id, version: 1 }, () => expect.unreachable()))).toBe(
    'fence_lost',
  );
});

test('an access counts only when later, and is no change of the workspace', () => {
  const fixture = openTestStore();
  const { store, running } = fixture;
  const id = running('web');
  const before = versionOf(fixture, id);
  store.accessed(id, new Date('2026-03-01T13:00:00.000Z'));
  store.accessed(id, new Date('2026-03-01T12:30:00.000Z'));
  expect(store.workspace(id)).toMatchObject({ lastAccessedAt: '2026-03-01T13:00:00.000Z', version: before });
});

test('what a running workspace takes is shown, is no change of it, and is replaced whole', () => {
  const { store, running, stopped, pass, violations } = openTestStore();
  const [web, other, asleep] = [running('web'), running('other'), stopped('asleep')];
  const before = store.workspace(web);
  const took = { cpus: null, memoryMiB: 300, diskMiB: 900 };
  const listening = null;
  pass(1_000);
  store.measured(
    [web, asleep].map((workspaceId) => ({ workspaceId, ...took, listening })),
    new Date('2026-03-01T12:00:01.000Z'),
  );
  const usage = { ...took, at: '2026-03-01T12:00:01.000Z' };
  expect(store.workspace(web)).toEqual({ ...before, usage });
  expect([store.workspace(other)?.usage, store.workspace(asleep)?.usage]).toEqual([null, null]);
  expect(store.measurements()).toEqual([{ id: web, usage, listening, lastAccessedAt: null }]);
  store.measured([{ workspaceId: other, ...took, listening }], new Date('2026-03-01T12:00:06.000Z'));
  expect(store.workspace(web)?.usage).toBeNull();
  expect(store.measurements()).toMatchObject([{ id: other }]);
  expect(violations()).toEqual([]);
});

test('what the run before took is not shown of the next one', () => {
  const { store, running, finish, pass } = openTestStore();
  const id = running('web');
  store.measured(
    [{ workspaceId: id, cpus: 1, memoryMiB: 300, diskMiB: null, listening: null }],
    new Date('2026-03-01T12:00:00.000Z'),
  );
  expect(store.workspace(id)?.usage).not.toBeNull();
  pass(1_000);
  finish(store.act(id, 'restart', asUser).job.id);
  expect(store.workspace(id)?.usage).toBeNull();
  expect(store.measurements()).toEqual([]);
});

test('an instance that was found paused is noted, and changes nothing else', () => {
  const fixture = openTestStore();
  const { store, running } = fixture;
  const id = running('web');
  const before = store.workspace(id);
  store.foundPaused(id, versionOf(fixture, id));
  const [newest] = store.activity({ workspaceId: id, limit: 1 }).items;
  expect(newest).toMatchObject({ type: 'workspace.reconciled', message: 'Found paused: it goes on' });
  expect(store.workspace(id)).toEqual(before);
  store.foundPaused(id, versionOf(fixture, id) - 1);
  expect(store.activity({ workspaceId: id, limit: 1 }).items[0]?.id).toBe(newest?.id);
});

test('the boot under which instances were looked at is remembered, with those that are still open', () => {
  const { store } = openTestStore();
  expect(store.lastBoot()).toBeNull();
  store.lookedAfterBoot({ bootId: 'one', open: ['a', 'b'] });
  expect(store.lastBoot()).toEqual({ bootId: 'one', open: ['a', 'b'] });
  store.lookedAfterBoot({ bootId: 'two', open: [] });
  expect(store.lastBoot()).toEqual({ bootId: 'two', open: [] });
});

test('when Tidepool ends, running workspaces are stopped for that reason and their routes jobs dropped', () => {
  const fixture = openTestStore();
  const { store, running, stopped, violations } = fixture;
  const id = running('web');
  const asleep = stopped('asleep');
  const { job } = store.addPort(id, { port: 3000, label: null, stripPrefix: true }, asUser);
  store.shutDown(id);
  store.shutDown(asleep);
  store.shutDown('nobody');
  expect(store.workspace(id)).toMatchObject({ status: 'stopped', stopReason: 'shutdown', jobId: null });
  expect(store.workspace(asleep)?.stopReason).toBe('requested');
  expect(store.job(job?.id ?? '')?.status).toBe('cancelled');
  expect(violations()).toEqual([]);
});

test('when Tidepool ends, what goes with a stop goes in its transaction, and only where it applies', () => {
  const { store, running, stopped } = openTestStore();
  const done: string[] = [];
  const noted = (id: string) => store.shutDown(id, () => done.push(id));
  const [id, broken, asleep] = [running('web'), running('broken'), stopped('asleep')];
  expect(noted(id)).toBe(true);
  expect(noted(id)).toBe(false);
  expect(noted(asleep)).toBe(false);
  expect(noted('nobody')).toBe(false);
  const inside = () => {
    throw new Error('rename failed');
  };
  expect(() => store.shutDown(broken, inside)).toThrow('rename failed');
  expect(store.workspace(broken)?.status).toBe('running');
  expect(done).toEqual([id]);
});

test('when Tidepool ends, a failed workspace whose machine is stopped gives its memory back and stays failed', () => {
  const { store, request, finish, failure, violations } = openTestStore();
  const { workspace, job } = request('web', 3000);
  finish(job.id, failure(false));
  expect(store.shutDown(workspace.id)).toBe(true);
  expect(store.capacity().usedMiB).toBe(0);
  expect(store.workspace(workspace.id)?.status).toBe('error');
  expect(violations()).toEqual([]);
});

test('when Tidepool ends, a job that was given back goes on at the next start', () => {
  const { store, request, finish, claim, violations } = openTestStore();
  const { workspace, job } = request('web');
  finish(job.id, { outcome: 'released' });
  store.shutDown(workspace.id);
  expect(store.workspace(workspace.id)?.status).toBe('creating');
  claim(job.id);
  expect(violations()).toEqual([]);
});
