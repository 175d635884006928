/** An Incus to measure on: the one that INCUS_DIR names, as it is; else one of its own, which is taken down again. */
import { type Bringing, buildIncusImage, endIncus, incusEnvironment, setUpIncus } from '../scripts/test-incus/bring.ts';
import { createPlace, removeAbandonedPlaces } from '../scripts/test-incus/place.ts';
import { refusal } from '../scripts/test-incus/refusal.ts';
import type { BenchTable } from './table.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** @returns nothing where there is none, and none can be brought */
export async function withIncus(
  images: Readonly<Record<string, string>>,
  measure: (env: Readonly<Record<string, string>>) => Promise<BenchTable[]>,
): Promise<BenchTable[]> {
  if (process.env.INCUS_DIR !== undefined) return measure({});
  if (refusal() !== null) {
    say('Not measured: an Incus of its own needs root on Debian or Ubuntu. INCUS_DIR names another one.');
    return [];
  }
  await removeAbandonedPlaces(say);
  const bringing: Bringing = { place: createPlace(), images, say };
  const interrupted = async () => {
    await endIncus(bringing);
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const signal = AbortSignal.timeout(3_600_000);
    await setUpIncus(bringing, signal);
    await buildIncusImage(bringing, signal);
    return await measure(incusEnvironment(bringing));
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await endIncus(bringing);
  }
}
