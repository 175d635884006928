/** Many requests for one workspace at once: one is accepted at a time, the rest learn which job is in the way. */
import { type Activity, accepted, type Job, problem } from '@tidepool/core';
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
let id: string;
beforeAll(async () => {
  tidepool = await startTidepool();
  ({ id } = await createRunning(tidepool, 'busy-one'));
});
afterAll(() => tidepool?.dispose());

/** Enough that one must have begun where another ended. */
const several = 6;

test('of 200 requests at once, again and again, one is accepted at a time and the others are told why not', async () => {
  const jobs: Job[] = [];
  let refusals: Refusal[] = [];
  await until('several to be accepted', async () => {
    const answers = await askAtOnce(200, ['start', 'stop', 'restart']);
    expect(answers.unexpected).toEqual([]);
    jobs.push(...answers.jobs);
    refusals = [...refusals, ...answers.refusals];
    return jobs.length >= several;
  });
  const ended = await Promise.all(jobs.map((job) => finished(tidepool, { job })));
  expect(ended.map(({ status }) => status)).toEqual(jobs.map(() => 'succeeded'));

  const ids = new Set(jobs.map((job) => job.id));
  expect(new Set(refusals.map(({ code }) => code)).difference(new Set(['job_in_the_way', 'wrong_status']))).toEqual(
    new Set(),
  );
  const inTheWay = refusals.filter(({ code }) => code === 'job_in_the_way');
  expect(inTheWay.length).toBeGreaterThan(0);
  for (const { jobId } of inTheWay) expect(ids).toContain(jobId);

  const inOrder = ended.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
  for (const [index, job] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next) expect(Date.parse(next.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(job.finishedAt ?? ''));
  }
  // Rows of the activity are numbered in the order of their commits, whatever the clocks of the two processes say.
  const rows = (await activity()).flatMap(({ detail }) =>
    detail.job && ids.has(detail.job.id) ? [detail.job.id] : [],
  );
  const turns = rows.filter((jobId, index) => jobId !== rows[index - 1]);
  expect(turns, 'each was accepted, ran and ended before the next was accepted').toEqual(inOrder.map((job) => job.id));
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});

test('of 200 requests at once with deletes among them one delete is accepted, and wins', async () => {
  const { jobs, refusals, unexpected } = await askAtOnce(200, ['start', 'stop', 'restart', 'delete']);
  expect(unexpected).toEqual([]);
  const deletes = jobs.filter(({ kind }) => kind === 'delete');
  expect(deletes).toHaveLength(1);
  for (const { code, jobId } of refusals) {
    expect(['job_in_the_way', 'wrong_status', 'workspace_not_found']).toContain(code);
    if (code === 'job_in_the_way') expect(jobs.map((job) => job.id)).toContain(jobId);
  }
  const ended = await Promise.all(jobs.map((job) => finished(tidepool, { job })));
  for (const { kind, status } of ended) {
    if (kind === 'delete') expect(status).toBe('succeeded');
    else expect(['succeeded', 'cancelled']).toContain(status);
  }
  await expect(tidepool.api('getWorkspace', { params: { id } })).rejects.toMatchObject({ status: 404 });
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});

interface Refusal {
  readonly code: string;
  /** The job in the way. */
  readonly jobId: unknown;
}

type Verb = 'start' | 'stop' | 'restart' | 'delete';

async function askAtOnce(count: number, verbs: readonly Verb[]) {
  const jobs: Job[] = [];
  const refusals: Refusal[] = [];
  /** Anything but 202, 404 and 409. */
  const unexpected: string[] = [];
  const base = `${tidepool.appOrigin}/api/workspaces/${id}`;
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const verb = verbs[index % verbs.length];
      const [method, url] = verb === 'delete' ? ['DELETE', base] : ['POST', `${base}/${verb}`];
      const response = await fetch(url, { method, headers: { authorization: tidepool.authorization } });
      const body: unknown = await response.json();
      if (response.status === 202) jobs.push(accepted.parse(body).job);
      else if (response.status === 409 || response.status === 404) {
        const { code, job } = problem.parse(body);
        refusals.push({ code, jobId: job instanceof Object && 'id' in job ? job.id : undefined });
      } else unexpected.push(`${response.status} ${JSON.stringify(body)}`);
    }),
  );
  return { jobs, refusals, unexpected };
}

/** All of the workspace's, oldest first. */
async function activity(): Promise<Activity[]> {
  const rows: Activity[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await tidepool.api('listActivity', {
      params: { id },
      query: { limit: '100', ...(cursor === undefined ? {} : { cursor }) },
    });
    rows.push(...page.items);
    if (page.nextCursor === null) return rows.reverse();
    cursor = page.nextCursor;
  }
}
