/** The tests on Incus from the bare machine to the total, and back to the machine as it was. */
import { root } from '../root.ts';
import { buildPage } from '../test-run/build-page.ts';
import { prepareImage } from '../test-run/image.ts';
import { makeMachineReady } from '../test-run/machine.ts';
import { createReport } from '../test-run/report.ts';
import { runChild } from '../test-run/run-child.ts';
import { createPlace, type Place, placeEnvironment, removeAbandonedPlaces } from './place.ts';
import { refusal } from './refusal.ts';
import { takeDown } from './take-down.ts';

/** GiB of the pool: its file grows as it is filled, and holds the image and small disks. */
const poolGiB = '30';

/** @returns the exit code */
export async function runIncusTests(args: readonly string[]): Promise<number> {
  const refused = refusal();
  if (refused !== null) {
    console.error(refused);
    return 1;
  }
  const ending = endedBySignal();
  const report = createReport();
  const say = (line: string) => console.log(line);
  /** Behind a part that failed, or after Ctrl-C, nothing more is begun. */
  const next = (title: string, work: () => Promise<void>) =>
    report.ok() && !ending.aborted ? report.part(title, work) : Promise.resolve();

  await next('the machine', () => makeMachineReady(say));
  await next('the page', () => buildPage(root));
  const env: Record<string, string> = {};
  await next('the workspace image', async () => {
    env.TIDEPOOL_IMAGES = await prepareImage(say);
  });
  await removeAbandonedPlaces(say);
  const place = createPlace();
  Object.assign(env, placeEnvironment(place));
  try {
    await next('Incus', () => tidepool(['setup', 'incus', '--yes', '--pool-size', poolGiB], env, ending));
    await next("Incus's image", () => tidepool(['image', 'build', '--runtime', 'incus'], env, ending));
    if (report.ok() && !ending.aborted) {
      await report.tests('Incus tests', { root, args: ['--project', 'incus', ...args], env });
    }
  } finally {
    await report.part('taking Incus down', () => end(place, env));
  }
  if (ending.aborted) console.log('Interrupted.');
  const code = report.close();
  return ending.aborted ? 130 : code;
}

/** As its owner would, and then whatever is left by force: tests that failed may have left anything. */
async function end(place: Place, env: Readonly<Record<string, string>>): Promise<void> {
  await takeDown(place, {
    undo: () => tidepool(['setup', 'incus', '--undo', '--yes'], env, AbortSignal.timeout(300_000)),
    say: (line) => console.log(line),
  });
}

function tidepool(args: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  return runChild(process.execPath, ['packages/cli/src/main.ts', ...args], { cwd: root, env, signal });
}

/** SIGUSR2 is what scripts/run.sh has the kernel send when npm is gone. */
function endedBySignal(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => ending.abort());
  return ending.signal;
}
