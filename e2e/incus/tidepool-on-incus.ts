/** A whole Tidepool on the Incus under test, which leaves nothing there. */
import { startTidepool, type Tidepool, type TidepoolOptions } from '../tidepool.ts';
import type { Incus } from './incus.ts';

export async function startTidepoolOnIncus(incus: Incus, { env = {} }: TidepoolOptions = {}): Promise<Tidepool> {
  const tidepool = await startTidepool({ env: { TIDEPOOL_RUNTIME: 'incus', ...env } });
  return {
    ...tidepool,
    async dispose() {
      // Tests that failed may have left the daemon as they had it.
      await incus.start();
      await tidepool.stop();
      await incus.removeInstancesOf(tidepool.home);
      await tidepool.dispose();
    },
  };
}

/** A workspace of the least size, running. */
export const small = { cpus: 1, memoryMiB: 512, diskGiB: 5 } as const;
