/** A run of the tests from the bare machine to the total, with the time of each part. */
import { root } from '../root.ts';
import { buildPage } from './build-page.ts';
import { prepareImage } from './image.ts';
import { makeMachineReady } from './machine.ts';
import { planOf } from './plan.ts';
import { createReport } from './report.ts';
import { runChild } from './run-child.ts';

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const plan = planOf(args);
  const report = createReport();
  const env: Record<string, string> = {};
  if (plan.machine) {
    await report.part('the machine', () => makeMachineReady((line) => console.log(line)));
  }
  if (plan.check) await report.part('check', () => runChild(process.execPath, ['scripts/check.ts'], { cwd: root }));
  if (plan.page) await report.part('the page', buildPage);
  if (plan.machine) {
    await report.part('the workspace image', async () => {
      env.TIDEPOOL_IMAGES = await prepareImage((line) => console.log(line));
    });
  }
  for (const { title, args: vitestArgs } of plan.runs) await report.tests(title, { root, args: vitestArgs, env });
  return report.close();
}
