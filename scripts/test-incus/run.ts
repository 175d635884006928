/**
 * The tests on Incus from the bare machine to the total, and back to the machine as it was. Without arguments those that
 * work in an Incus, and may end its daemon, run beside those that set one up and build images, which have a second one.
 */
import { root } from '../root.ts';
import { buildPage } from '../test-run/build-page.ts';
import { prepareImage } from '../test-run/image.ts';
import { makeMachineReady } from '../test-run/machine.ts';
import { createReport } from '../test-run/report.ts';
import { type Bringing, buildIncusImage, endIncus, incusEnvironment, setUpIncus } from './bring.ts';
import { createPlace, removeAbandonedPlaces, type Which } from './place.ts';
import { refusal } from './refusal.ts';

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
  await next('the page', buildPage);
  const images: Record<string, string> = {};
  await next('the workspace image', async () => {
    images.TIDEPOOL_IMAGES = await prepareImage(say);
  });
  await removeAbandonedPlaces(say);
  const brought: Bringing[] = [];
  const bring = async (which: Which) => {
    const bringing = { place: createPlace(which), images, say };
    brought.unshift(bringing);
    await next(`the ${which} Incus`, () => setUpIncus(bringing, ending));
    await next(`the image of the ${which} Incus`, () => buildIncusImage(bringing, ending));
    return bringing;
  };
  const tests = async (project: string, bringing: Bringing, isBeside = false) => {
    if (!report.ok() || ending.aborted) return;
    const env = incusEnvironment(bringing);
    await report.tests(`tests: ${project}`, { root, args: ['--project', project, ...args], env, isBeside });
  };
  try {
    const first = await bring('first');
    if (args.length > 0) await tests('incus*', first);
    else {
      await Promise.all([
        tests('incus', first, true),
        bring('second').then((second) => tests('incus-making', second, true)),
      ]);
      await tests('incus-host', first);
    }
  } finally {
    for (const each of brought) await report.part(`taking down ${each.place.bridge}`, () => endIncus(each));
  }
  if (ending.aborted) console.log('Interrupted.');
  const code = report.close();
  return ending.aborted ? 130 : code;
}

/** SIGUSR2 is what scripts/run.sh has the kernel send when npm is gone. */
function endedBySignal(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => ending.abort());
  return ending.signal;
}
