/**
 * Create to the first 200 of the editor's page through Caddy: by Tidepool, and by hand. By hand is what a person with a
 * script would do on the same host: the same sandbox and code-server started directly, one route file written, no API, queue,
 * database or worker between. Interleaved, so that both meet the same noise.
 */
import { mkdir, rename } from 'node:fs/promises';
import type { Tidepool } from '../e2e/tidepool.ts';
import { finished } from '../e2e/tidepool.ts';
import { startByHand } from './by-hand.ts';
import { firstPage } from './first-page.ts';
import { type BenchTable, median, ratio } from './table.ts';

export async function benchCreate(tidepool: Tidepool, rounds: number): Promise<BenchTable> {
  const own: number[] = [];
  const byHand: number[] = [];
  // The first of each warms the page cache and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const tidepools = await createByTidepool(tidepool, `bench-${round}`);
    const hands = await createByHand(tidepool, `hand-${round}`);
    if (round === 0) continue;
    own.push(tidepools);
    byHand.push(hands);
  }
  return {
    title: 'Create to the first 200 of the editor, through Caddy',
    columns: ['median ms', 'fastest ms', 'slowest ms', '× by hand'],
    rows: [
      {
        name: 'Tidepool',
        values: [median(own), Math.min(...own), Math.max(...own), ratio(median(own), median(byHand))],
      },
      {
        name: 'the same sandbox and code-server by hand',
        values: [median(byHand), Math.min(...byHand), Math.max(...byHand), 1],
      },
    ],
    goals: [
      {
        what: 'Tidepool ÷ by hand',
        goal: 'at most 1.10',
        value: ratio(median(own), median(byHand)),
        met: median(own) <= 1.1 * median(byHand),
      },
    ],
    notes: [`${rounds} interleaved rounds after one that is not counted; each asks for the page every 5 ms.`],
  };
}

async function createByTidepool(tidepool: Tidepool, name: string): Promise<number> {
  const begun = performance.now();
  const accepted = await tidepool.api('createWorkspace', { body: { name, memoryMiB: 512 } });
  await firstPage(`${tidepool.workspaceOrigin}/workspace/${name}/`, { authorization: tidepool.authorization });
  const took = performance.now() - begun;
  await finished(tidepool, accepted);
  await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id: name } }));
  return took;
}

async function createByHand(tidepool: Tidepool, name: string): Promise<number> {
  const begun = performance.now();
  const sandbox = await startByHand(tidepool, name);
  const staged = `${tidepool.home}/routes/.${name}`;
  await mkdir(`${staged}/ide`, { recursive: true });
  await sandbox.writeRoute(`${staged}/ide`);
  await rename(staged, `${tidepool.home}/routes/${name}`);
  await firstPage(`${tidepool.workspaceOrigin}/workspace/${name}/`, { authorization: tidepool.authorization });
  const took = performance.now() - begun;
  await sandbox.end();
  return took;
}
