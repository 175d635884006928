/** Many requests for one workspace at once: one is accepted at a time, the rest learn which job is in the way. */
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunning, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool();
});
afterAll(() => tidepool?.dispose());

test('200 concurrent requests: no 5xx, each refusal names its reason, the delete wins, the database stays whole', async () => {
  const workspace = await createRunning(tidepool, 'busy-one');
  const verbs = ['start', 'stop', 'restart', 'delete'] as const;
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const verb = verbs[index % 4] ?? 'stop';
      const base = `${tidepool.appOrigin}/api/workspaces/${workspace.id}`;
      const url = verb === 'delete' ? base : `${base}/${verb}`;
      const response = await fetch(url, {
        method: verb === 'delete' ? 'DELETE' : 'POST',
        headers: { authorization: tidepool.authorization },
      });
      return {
        verb,
        status: response.status,
        body: (await response.json()) as { code?: string; job?: { id: string } },
      };
    }),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => ![202, 404, 409].includes(status))).toEqual([]);
  const deletes = answers.filter(({ verb, status }) => verb === 'delete' && status === 202);
  expect(deletes).toHaveLength(1);
  for (const { status, body } of answers) {
    if (status !== 409) continue;
    expect(['job_in_the_way', 'wrong_status']).toContain(body.code);
    if (body.code === 'job_in_the_way') expect(body.job?.id).toEqual(expect.any(String));
  }
  await until('the workspace to be gone', async () => {
    const response = await fetch(`${tidepool.appOrigin}/api/workspaces/${workspace.id}`, {
      headers: { authorization: tidepool.authorization },
    });
    return response.status === 404;
  });
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});
