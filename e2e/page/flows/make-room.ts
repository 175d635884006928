/** A start that does not fit: «Stop X and start Y», followed through both jobs. */
import { expect } from 'vitest';
import { finished } from '../../tidepool.ts';
import type { Walk } from '../walk.ts';

/** Two that fit this budget only one at a time, whatever else runs, and each by itself with all that else runs. */
export const budgetMiB = 65_536;
const hugeMiB = 40_960;
const names = ['whale-one', 'whale-two'] as const;

/** There is one such pair, so one makes room at a time. */
let turn: Promise<unknown> = Promise.resolve();

export function makeRoom(walk: Walk): Promise<void> {
  const mine = turn.then(() => swap(walk));
  turn = mine.catch(() => {});
  return mine;
}

async function swap({ tidepool, page, hand, enter, middle }: Walk): Promise<void> {
  const [wanted, other] = await pair(tidepool);
  await enter(`/?search=${wanted}`);
  await hand.press(page.getByRole('button', { name: `Start ${wanted}` }));
  await page.getByRole('heading', { name: new RegExp(`^${wanted} needs .+ more than is free$`) }).waitFor();
  const choice = page.getByRole('radio', { name: new RegExp(`^${other}`) });
  expect(await choice.isChecked()).toBe(true);
  await middle(async () => {
    await hand.press(page.getByRole('button', { name: `Stop ${other} and start ${wanted}` }));
    await page.getByRole('heading', { name: `Stopping ${other}` }).waitFor();
  });
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: `Open ${wanted} in a new tab` }).waitFor();
  expect((await tidepool.api('getWorkspace', { params: { id: other } })).status).toBe('stopped');
}

/** @returns the one that is stopped, and the one that runs */
async function pair(tidepool: Walk['tidepool']): Promise<readonly [string, string]> {
  const { items } = await tidepool.api('listWorkspaces', { query: { search: 'whale-' } });
  for (const name of names) {
    if (items.some((each) => each.name === name)) continue;
    await finished(tidepool, await tidepool.api('createWorkspace', { body: { name, memoryMiB: 512 } }));
    const stopping = await tidepool.api('stopWorkspace', { params: { id: name } });
    await finished(tidepool, stopping);
    await tidepool.api('updateWorkspace', { params: { id: name }, body: { memoryMiB: hugeMiB } });
  }
  const [first, second] = await Promise.all(names.map((id) => tidepool.api('getWorkspace', { params: { id } })));
  if (first?.status === 'running') return [names[1], names[0]];
  if (second?.status !== 'running')
    await finished(tidepool, await tidepool.api('startWorkspace', { params: { id: names[1] } }));
  return names;
}
