import { type Accepted, ApiError, type Client, type Job, TidepoolError, toProblem } from '@tidepool/core';
import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { createKnown } from '../live/known.ts';
import { createFollowThrough } from './follow-through.ts';
import { offerOf } from './offer.ts';

const notes = aWorkspace({ status: 'running' });
const thesis = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'thesis' });
const stopJob = aJob({ kind: 'stop' });
const startJob = aJob({ id: '01900000-0000-7000-8000-00000000000b', workspaceName: 'thesis' });

function refusal(stop: object | null = { id: notes.id, name: notes.name, lastAccessedAt: null }) {
  return toProblem(new TidepoolError('capacity_exhausted', { extra: { stop } }));
}

function world(ask: () => Promise<Accepted> = async () => ({ workspace: thesis, job: startJob })) {
  const known = createKnown();
  known.put(notes, thesis);
  const asked: string[] = [];
  const ends: string[] = [];
  const client = (async (name: string) => {
    asked.push(name);
    return { workspace: { ...notes, version: 2, status: 'stopping' }, job: stopJob };
  }) as Client;
  const follow = createFollowThrough({
    client,
    known,
    onFailure: ({ title }) => ends.push(title),
    onDone: (name) => ends.push(`${name} is running`),
  });
  const offer = offerOf(refusal(), {
    wanted: { name: thesis.name, verb: 'start', memoryMiB: 4096 },
    ask: () => {
      asked.push('ask');
      return ask();
    },
  });
  if (!offer) throw new Error('no offer');
  follow.offer(offer);
  return { known, asked, ends, follow };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const succeeded = (job: Job): Job => ({ ...job, status: 'succeeded' });

test('only a refusal for lack of memory becomes an offer', () => {
  const request = { wanted: { name: 'thesis', verb: 'start' as const, memoryMiB: 1 }, ask: () => Promise.reject() };
  expect(offerOf(toProblem(new TidepoolError('job_in_the_way')), request)).toBeNull();
  expect(offerOf(refusal(null), request)?.stop).toBeNull();
});

test('the start is asked for when the stop has ended, and not before', async () => {
  const { known, asked, ends, follow } = world();
  const accepted = follow.accept();
  await settle();
  expect(asked).toEqual(['stopWorkspace']);
  expect(follow.state.get()).toMatchObject({ stage: 'stopping', jobId: stopJob.id });
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['stopWorkspace', 'ask']);
  known.putJob(succeeded(startJob));
  await accepted;
  expect(follow.state.get()).toBeNull();
  expect(ends).toEqual(['thesis is running']);
});

test('a stop that fails ends it: nothing is started, and the reason is shown with the offer', async () => {
  const { known, asked, follow } = world();
  const accepted = follow.accept();
  await settle();
  known.putJob({
    ...stopJob,
    status: 'failed',
    error: { code: 'instance_failed', message: 'It hangs.', fix: 'Retry.' },
  });
  await accepted;
  expect(asked).toEqual(['stopWorkspace']);
  expect(follow.state.get()).toMatchObject({ stage: 'offered', problem: { detail: 'It hangs.' } });
});

test('what somebody else has stopped meanwhile is not stopped again', async () => {
  const { known, asked, follow } = world();
  known.put({ ...notes, version: 5, status: 'stopped' });
  void follow.accept();
  await settle();
  expect(asked).toEqual(['ask']);
});

test('a second refusal becomes the next offer', async () => {
  const next = { id: thesis.id, name: 'other', lastAccessedAt: null };
  const { known, follow } = world(() => Promise.reject(new ApiError(refusal(next))));
  const accepted = follow.accept();
  await settle();
  known.putJob(succeeded(stopJob));
  await accepted;
  expect(follow.state.get()).toMatchObject({ stage: 'offered', offer: { stop: next }, problem: null });
});

test('closed by its reader it goes on, and a failure is still told', async () => {
  const { known, asked, ends, follow } = world();
  const accepted = follow.accept();
  await settle();
  follow.dismiss();
  known.putJob(succeeded(stopJob));
  await settle();
  expect(asked).toEqual(['stopWorkspace', 'ask']);
  known.putJob({ ...startJob, status: 'failed' });
  await accepted;
  expect(follow.state.get()).toBeNull();
  expect(ends).toEqual(['Could not start thesis']);
});
