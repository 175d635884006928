/** An Incus in a place of its own, ready for Tidepool: by `tidepool setup incus`, with the image by `tidepool image build`. */
import { root } from '../root.ts';
import { runChild } from '../test-run/run-child.ts';
import { type Place, placeEnvironment } from './place.ts';
import { takeDown } from './take-down.ts';

/** GiB of the pool: its file grows as it is filled, and holds the image and small disks. */
const poolGiB = '30';

export interface Bringing {
  readonly place: Place;
  /** TIDEPOOL_IMAGES, where images are kept from run to run. */
  readonly images: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** For everything that is to meet this Incus: Tidepool, its set-up, tests. */
export function incusEnvironment({ place, images }: Bringing): Record<string, string> {
  return { ...images, ...placeEnvironment(place) };
}

export function setUpIncus(bringing: Bringing, signal: AbortSignal): Promise<void> {
  return tidepool(['setup', 'incus', '--yes', '--pool-size', poolGiB], bringing, signal);
}

export function buildIncusImage(bringing: Bringing, signal: AbortSignal): Promise<void> {
  return tidepool(['image', 'build', '--runtime', 'incus'], bringing, signal);
}

/** As its owner would, and then whatever is left by force: tests that failed may have left anything. */
export function endIncus(bringing: Bringing): Promise<void> {
  const undo = () => tidepool(['setup', 'incus', '--undo', '--yes'], bringing, AbortSignal.timeout(300_000));
  return takeDown(bringing.place, { undo, say: bringing.say });
}

function tidepool(args: readonly string[], bringing: Bringing, signal: AbortSignal): Promise<void> {
  const env = incusEnvironment(bringing);
  return runChild(process.execPath, ['packages/cli/src/main.ts', ...args], { cwd: root, env, signal });
}
