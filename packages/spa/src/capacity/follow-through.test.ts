import {
  type Accepted,
  ApiError,
  type Client,
  type EndpointName,
  type Job,
  TidepoolError,
  toProblem,
} from '@tidepool/core';
import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { aHost } from '../../test/stub-host.ts';
import { createKnown } from '../live/known.ts';
import { createStore } from '../live/store.ts';
import { createFollowThrough } from './follow-through.ts';
import { type Following, offerInstead } from './following.ts';

const notes = aWorkspace({ status: 'running' });
const paper = aWorkspace({ id: '01900000-0000-7000-8000-000000000003', name: 'paper', status: 'running' });
const thesis = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'thesis' });
const stopJob = aJob({ kind: 'stop' });
const stopPaper = aJob({ id: '01900000-0000-7000-8000-00000000000c', kind: 'stop', workspaceName: 'paper' });
const startJob = aJob({ id: '01900000-0000-7000-8000-00000000000b', workspaceName: 'thesis' });
const wish = { verb: 'start', id: thesis.id, name: thesis.name, memoryMiB: 4096 } as const;
const failure = { code: 'instance_failed', message: 'It hangs.', fix: 'Retry.' };

function refusal(stop: object | null = { id: notes.id, name: notes.name, lastAccessedAt: null }) {
  return toProblem(new TidepoolError('capacity_exhausted', { extra: { stop } }));
}

interface Answers {
  readonly freeMiB?: () => number;
  readonly start?: () => Promise<Accepted>;
  readonly stop?: () => Promise<Accepted>;
}

function world(answers: Answers = {}) {
  const known = createKnown();
  known.put(notes, paper, thesis);
  const asked: string[] = [];
  const keys: (string | undefined)[] = [];
  const ends: string[] = [];
  const answer = async (name: EndpointName, request: { params?: { id?: string }; idempotencyKey?: string }) => {
    if (name === 'getHost') {
      const host = aHost();
      return { ...host, capacity: { ...host.capacity, freeMiB: answers.freeMiB?.() ?? 0 } };
    }
    asked.push(request.params?.id === paper.id ? `${name} paper` : name);
    keys.push(request.idempotencyKey);
    if (name === 'getJob') return stopJob;
    if (name === 'startWorkspace') return answers.start?.() ?? { workspace: thesis, job: startJob };
    if (answers.stop) return answers.stop();
    const [workspace, job] = request.params?.id === paper.id ? [paper, stopPaper] : [notes, stopJob];
    return { workspace: { ...workspace, version: 2, status: 'stopping' }, job };
  };
  const following = createStore<Following | null>(null);
  const follow = createFollowThrough({
    client: answer as Client,
    known,
    following,
    onFailure: ({ title }) => ends.push(title),
    onAccepted: ({ job }, { name }) => ends.push(`${name} accepted as ${job.kind}`),
    onDone: (name) => ends.push(`${name} is running`),
  });
  offerInstead(following, refusal(), wish, 'key-of-the-start');
  return { known, asked, keys, ends, follow, following };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const succeeded = (job: Job): Job => ({ ...job, status: 'succeeded' });

test('only a refusal for lack of memory becomes an offer, and only one at a time', async () => {
  const { following, follow } = world();
  expect(following.get()).toMatchObject({ stage: 'offered', isShown: true });
  const other = { ...wish, name: 'other' };
  expect(offerInstead(createStore<Following | null>(null), toProblem(new TidepoolError('disk_full')), other, 'k')).toBe(
    false,
  );
  void follow.accept([notes]);
  await settle();
  expect(offerInstead(following, refusal(null), other, 'k')).toBe(false);
  expect(following.get()?.wish).toEqual(wish);
});

test('the start is asked for when the stop has ended, and not before', async () => {
  const { known, asked, keys, ends, follow, following } = world();
  const accepted = follow.accept([notes]);
  await settle();
  expect(asked).toEqual(['stopWorkspace']);
  expect(following.get()).toMatchObject({ stage: 'stopping', stops: [{ jobId: stopJob.id, isOver: false }] });
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['stopWorkspace', 'startWorkspace']);
  expect(keys.at(-1)).toBe('key-of-the-start');
  known.putJob(succeeded(startJob));
  await accepted;
  expect(following.get()).toBeNull();
  expect(ends).toEqual(['thesis accepted as start', 'thesis is running']);
});

test('several are stopped one after the other, and none any more once there is room', async () => {
  let freeMiB = 0;
  const { known, asked, follow } = world({ freeMiB: () => freeMiB });
  void follow.accept([notes, paper]);
  await settle();
  expect(asked).toEqual(['stopWorkspace']);
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['stopWorkspace', 'stopWorkspace paper']);

  freeMiB = 4096;
  const second = world({ freeMiB: () => freeMiB });
  void second.follow.accept([notes, paper]);
  await settle();
  expect(second.asked).toEqual(['startWorkspace']);
});

test('a stop that fails ends it: nothing else is stopped or started, and the reason is shown with the offer', async () => {
  const { known, asked, follow, following } = world();
  const accepted = follow.accept([notes, paper]);
  await settle();
  known.putJob({ ...stopJob, status: 'failed', error: failure });
  await accepted;
  expect(asked).toEqual(['stopWorkspace']);
  expect(following.get()).toMatchObject({ stage: 'offered', trouble: { detail: 'It hangs.' } });
});

test('what somebody else has stopped meanwhile is not stopped again', async () => {
  const { known, asked, follow } = world();
  known.put({ ...notes, version: 5, status: 'stopped' });
  void follow.accept([notes]);
  await settle();
  expect(asked).toEqual(['startWorkspace']);
});

test('what is being stopped already is waited for', async () => {
  const { known, asked, follow } = world();
  known.put({ ...notes, version: 5, status: 'stopping', jobId: stopJob.id });
  void follow.accept([notes]);
  await settle();
  expect(asked).toEqual(['getJob']);
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['getJob', 'startWorkspace']);
});

test('a second refusal becomes the next offer, and nothing is stopped for it unasked', async () => {
  const next = { id: paper.id, name: 'paper', lastAccessedAt: null };
  const { known, asked, follow, following } = world({ start: () => Promise.reject(new ApiError(refusal(next))) });
  const accepted = follow.accept([notes]);
  await settle();
  known.putJob(succeeded(stopJob));
  await accepted;
  expect(following.get()).toMatchObject({
    stage: 'offered',
    trouble: null,
    stops: [{ isOver: true }],
  });
  expect(asked).toEqual(['stopWorkspace', 'startWorkspace']);
});

test('a start that fails is no matter of memory: it may be tried again, with a key of its own', async () => {
  const { known, asked, keys, follow, following } = world();
  const accepted = follow.accept([]);
  await settle();
  known.putJob({ ...startJob, status: 'failed', error: failure });
  await accepted;
  expect(following.get()).toMatchObject({ stage: 'failed', trouble: { detail: 'It hangs.' } });
  void follow.accept([]);
  await settle();
  expect(asked).toEqual(['startWorkspace', 'startWorkspace']);
  expect(keys[1]).not.toBe(keys[0]);
});

test('closed by its reader it goes on, and a failure is still told', async () => {
  const { known, asked, ends, follow, following } = world();
  const accepted = follow.accept([notes]);
  await settle();
  follow.close();
  expect(following.get()?.isShown).toBe(false);
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['stopWorkspace', 'startWorkspace']);
  known.putJob({ ...startJob, status: 'failed' });
  await accepted;
  expect(following.get()).toBeNull();
  expect(ends.at(-1)).toBe('Could not start thesis');
});

test('given up, it starts nothing when the stop has ended', async () => {
  const { known, asked, follow, following } = world();
  const accepted = follow.accept([notes]);
  await settle();
  follow.giveUp();
  known.putJob(succeeded(stopJob));
  await accepted;
  expect(asked).toEqual(['stopWorkspace']);
  expect(following.get()).toBeNull();
});

test('after a reload it goes on where it was: the stop is not asked for again', async () => {
  const before = world();
  void before.follow.accept([notes]);
  await settle();
  const after = world();
  after.following.set(before.following.get());
  const resumed = after.follow.resume();
  await settle();
  expect(after.asked).toEqual(['getJob']);
  after.known.putJob(succeeded(stopJob));
  await settle();
  after.known.putJob(succeeded(startJob));
  await resumed;
  expect(after.asked).toEqual(['getJob', 'startWorkspace']);
  expect(after.ends.at(-1)).toBe('thesis is running');
});
