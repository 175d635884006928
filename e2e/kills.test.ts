/** Whatever dies right after a 202, the accepted change is carried out. */
import { checkInvariants } from '@tidepool/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRunning, finished, startTidepool, type Tidepool, until } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool();
  await createRunning(tidepool, 'survivor');
});
afterAll(() => tidepool?.dispose());

const victims = [
  'packages/server/src/main.ts',
  'packages/worker/src/main.ts',
  'packages/queue/src/main.ts',
  'caddy run',
] as const;

test.each(victims)('kill -9 of %s loses no accepted request', async (victim) => {
  const [pid] = await until(`${victim} to run`, async () => {
    const pids = await tidepool.pids(victim.includes('caddy') ? 'caddy\0run' : victim);
    return pids.length > 0 && pids;
  });
  const stop = await tidepool.api('stopWorkspace', { params: { id: 'survivor' } });
  process.kill(Number(pid), 'SIGKILL');
  expect((await finished(tidepool, stop)).status).toBe('succeeded');
  const start = await until('a start to be accepted', () =>
    tidepool.api('startWorkspace', { params: { id: 'survivor' } }),
  );
  expect((await finished(tidepool, start)).status).toBe('succeeded');
  const editor = await until('the editor', async () => {
    const response = await fetch(`${tidepool.workspaceOrigin}/workspace/survivor/`, {
      headers: { authorization: tidepool.authorization },
    });
    return response.status === 200 && response;
  });
  expect(await editor.text()).toContain('vscode');
  expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
});
