/** The whole journey by REST, `curl`-like requests and `tidepool exec` alone: what an agent does. */
import { access } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentJourney } from './agent-journey.ts';
import { startTidepool, type Tidepool } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool();
});
afterAll(() => tidepool?.dispose());

test('a workspace is created, worked in, published, stopped, started and deleted', async () => {
  const id = await agentJourney(tidepool);
  await expect(access(`${tidepool.home}/sandboxes/${id}`)).rejects.toThrow('ENOENT');
});
