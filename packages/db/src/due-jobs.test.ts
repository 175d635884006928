import { expect, test } from 'vitest';
import { asUser, openTestStore } from '../test/open-test-store.ts';

test('the outbox holds what was accepted and not yet sent, oldest first', () => {
  const { store, request } = openTestStore();
  const [one, two, three] = ['one', 'two', 'three'].map((name) => request(name).job.id);
  if (!one || !two || !three) throw new Error('three jobs were made');
  expect(store.outbox(2)).toEqual([{ id: one }, { id: two }]);
  store.sent(one);
  expect(store.outbox(10)).toEqual([{ id: two }, { id: three }]);
});

test('the sweep sends at once what was never sent, and again what was sent long ago', () => {
  const { store, request, pass } = openTestStore();
  const { job } = request('web');
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
  store.sent(job.id);
  expect(store.sweep()).toEqual({ jobIds: [] });
  pass(9_999);
  expect(store.sweep()).toEqual({ jobIds: [] });
  pass(1);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test('the sweep sends again where the clock was set back behind the sending', () => {
  const { store, request, setWallClock } = openTestStore();
  const { job } = request('web');
  store.sent(job.id);
  setWallClock(Date.parse('2020-01-01T00:00:00.000Z'));
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test.each(['before', 'after'])('the sweep sends the job of a worker that died at once, sent %s its claim', (moment) => {
  const { store, request, claim, worker, kill } = openTestStore();
  const { job } = request('web');
  if (moment === 'before') store.sent(job.id);
  const holder = worker();
  claim(job.id, holder);
  // A worker may be quicker than the sender's word that it was sent.
  if (moment === 'after') store.sent(job.id);
  expect(store.sweep()).toEqual({ jobIds: [] });
  kill(holder);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
  store.sent(job.id);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test('the sweep sends a delete at once whose predecessor was left, however lately it was sent', () => {
  const { store, request, claim, worker, kill } = openTestStore();
  const holder = worker();
  claim(request('web').job.id, holder);
  const { job } = store.act('web', 'delete', asUser);
  store.sent(job.id);
  expect(store.sweep()).toEqual({ jobIds: [] });
  kill(holder);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test('a delete that was sent while it waited is sent again as soon as it may go', () => {
  const { store, request, claim } = openTestStore();
  const create = claim(request('web').job.id);
  const { job } = store.act('web', 'delete', asUser);
  store.sent(job.id);
  store.settle(create.job.id, create.fence, { outcome: 'cancelled' });
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test('the sweep sends the job of a living worker that was not heard of for a lease', () => {
  const { store, request, claim, pass } = openTestStore({ leaseMs: 30_000 });
  const { job } = request('web');
  claim(job.id);
  pass(30_001);
  expect(store.sweep()).toEqual({ jobIds: [job.id] });
});

test('what has ended is never sent', () => {
  const { store, request, finish, failure, pass } = openTestStore();
  finish(request('one').job.id);
  finish(request('two').job.id, failure(true));
  request('three');
  finish(store.act('three', 'delete', asUser).job.id);
  pass(100_000);
  expect(store.sweep()).toEqual({ jobIds: [] });
  expect(store.outbox(10)).toEqual([]);
});
