/** The tests on Incus from the bare machine to the total, and back to the machine as it was. */
import { root } from '../root.ts';
import { buildPage } from '../test-run/build-page.ts';
import { prepareImage } from '../test-run/image.ts';
import { makeMachineReady } from '../test-run/machine.ts';
import { createReport } from '../test-run/report.ts';
import { buildIncusImage, endIncus, incusEnvironment, setUpIncus } from './bring.ts';
import { createPlace, removeAbandonedPlaces } from './place.ts';
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
  const bringing = { place: createPlace(), images, say };
  try {
    await next('Incus', () => setUpIncus(bringing, ending));
    await next("Incus's image", () => buildIncusImage(bringing, ending));
    if (report.ok() && !ending.aborted) {
      const env = incusEnvironment(bringing);
      await report.tests('Incus tests', { root, args: ['--project', 'incus', ...args], env });
    }
  } finally {
    await report.part('taking Incus down', () => endIncus(bringing));
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
