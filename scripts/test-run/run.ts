/** A run of the tests from the bare machine to the total, with the time of each part. */
import { root } from '../root.ts';
import { buildPage } from './build-page.ts';
import { prepareImage } from './image.ts';
import { makeMachineReady } from './machine.ts';
import { planOf } from './plan.ts';
import { runChild } from './run-child.ts';
import { type Outcome, runVitest } from './vitest.ts';

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const plan = planOf(args);
  const times: string[] = [];
  const outcomes: Outcome[] = [];
  const env: Record<string, string> = {};
  let ok = true;

  async function part(title: string, work: () => Promise<void>): Promise<void> {
    console.log(`\n── ${title} ──`);
    const start = performance.now();
    try {
      await work();
    } catch (error) {
      ok = false;
      console.log(error instanceof Error ? error.message : String(error));
    }
    times.push(`${title}: ${Math.round((performance.now() - start) / 1000)} s`);
  }

  if (plan.machine) {
    await part('the machine', () => makeMachineReady((line) => console.log(line)));
  }
  if (plan.check) await part('check', () => runChild(process.execPath, ['scripts/check.ts'], root));
  if (plan.page) await part('the page', () => buildPage(root));
  if (plan.machine) {
    await part('the workspace image', async () => {
      env.TIDEPOOL_IMAGES = await prepareImage((line) => console.log(line));
    });
  }
  for (const { title, args: vitestArgs } of plan.runs) {
    await part(title, async () => {
      outcomes.push(await runVitest({ root, args: vitestArgs, env }));
    });
  }

  const total = (key: 'passed' | 'failed' | 'skipped') => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  console.log(`\n${times.join('\n')}`);
  if (!ok) console.log('A part other than a test failed: see above.');
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  const ran = total('passed') + total('failed') > 0;
  return ok && ran && outcomes.every((outcome) => outcome.ok) ? 0 : 1;
}
