/** The page that the server serves to the browser of the end-to-end tests: built as `npm start` builds it, and only where it is stale. */
import { ensureSpa } from '../../packages/cli/src/commands/spa-build.ts';

export async function buildPage(): Promise<void> {
  const isNew = await ensureSpa(AbortSignal.timeout(300_000), (text) => void process.stdout.write(text));
  if (!isNew) console.log('It is built already.');
}
