/** New workspace from a repository that cannot be reached: it can be used all the same, and another try is one press away. */
import { expect } from 'vitest';
import { until } from '../../tidepool.ts';
import type { Walk } from '../walk.ts';
import { forgetWorkspace, newName } from './made.ts';

/** Of a domain that is reserved for examples: nobody serves a repository there. */
const git = 'https://git.example.org/team/notes.git';

export async function createFromRepository({ tidepool, page, hand, enter, middle }: Walk): Promise<void> {
  const name = newName();
  await enter('/new');
  await hand.fill(page.getByRole('textbox', { name: 'Start from a Git repository' }), git);
  await hand.fill(page.getByRole('textbox', { name: 'Name' }), name);
  await hand.fill(page.getByRole('spinbutton', { name: 'Memory, GiB' }), '0.5');
  await page.getByText('Free.', { exact: true }).waitFor();
  await middle(async () => {
    await hand.press(page.getByRole('button', { name: 'Create' }));
    await page.getByRole('heading', { name: `Creating ${name}` }).waitFor();
  });
  const uncloned = page.getByRole('heading', { name: `Ready, but not cloned: ${name}` });
  await uncloned.waitFor({ timeout: 120_000 });
  const note = page.getByRole('alert').filter({ hasText: 'It runs without its repository' });
  const { status, source } = await tidepool.api('getWorkspace', { params: { id: name } });
  expect(status).toBe('running');
  await note.getByText(source?.error?.message ?? 'no error is kept').waitFor();
  await page.getByRole('link', { name: 'Open', exact: true }).waitFor();

  await hand.press(note.getByRole('button', { name: 'Try again' }));
  await until('the second try to fail', async () => {
    const { items } = await tidepool.api('listJobs', { query: { limit: '100' } });
    return items.some(
      ({ kind, workspaceName, finishedAt }) => kind === 'source' && workspaceName === name && finishedAt,
    );
  });
  await uncloned.waitFor();
  await note.getByRole('button', { name: 'Try again' }).waitFor();
  await forgetWorkspace(tidepool, name);
}
