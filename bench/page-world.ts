/** A Tidepool full of workspaces that nothing runs in, written by the store itself: what its page has to show. */
import { createStore, currentHolder, type Store } from '@tidepool/db';
import { startTidepool, type Tidepool, until } from '../e2e/tidepool.ts';

export interface PageWorld {
  readonly tidepool: Tidepool;
  /** Writes beside server and worker, as the worker does. */
  readonly store: Store;
  readonly names: readonly string[];
  end(): Promise<void>;
}

const user = { actor: 'user' } as const;
/** Enough for all of them at once. */
const budgetMiB = 4_000_000;

export async function startPageWorld(count: number): Promise<PageWorld> {
  const tidepool = await startTidepool({
    env: { TIDEPOOL_RUNTIME: 'fake', TIDEPOOL_MEMORY_MIB: String(budgetMiB) },
  });
  const store = createStore({ path: `${tidepool.home}/tidepool.db`, budgetMiB, leaseMs: 30_000 });
  const end = async () => {
    store.close();
    await tidepool.dispose();
  };
  try {
    const names = Array.from({ length: count }, (_, index) => `w-${String(index).padStart(4, '0')}`);
    await withoutWorker(tidepool, () => {
      for (const name of names) addStopped(store, name);
    });
    await quiet(store);
    return { tidepool, store, names, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** It would run the jobs that only serve to bring rows into the state they are wanted in. */
async function withoutWorker(tidepool: Tidepool, work: () => void): Promise<void> {
  const [worker] = await tidepool.pids('packages/worker/src/main.ts');
  if (worker === undefined) throw new Error('there is no worker');
  process.kill(worker, 'SIGSTOP');
  try {
    work();
  } finally {
    process.kill(worker, 'SIGCONT');
  }
}

function addStopped(store: Store, name: string): void {
  store.create({ name, image: 'workspace@bench', cpus: 2, memoryMiB: 1024, diskGiB: 20 }, user);
  settle(store, name);
  store.act(name, 'stop', user);
  settle(store, name);
}

function settle(store: Store, name: string): void {
  const jobId = store.workspace(name)?.jobId ?? '';
  const claimed = store.claim(jobId, currentHolder());
  if (claimed.outcome !== 'claimed') throw new Error(`${name}: ${claimed.reason}`);
  const { fence, portsVersion } = claimed.claim;
  store.settle(jobId, fence, { outcome: 'succeeded', address: null, portsVersion });
}

/** The worker has looked, found no machines, and written so. */
async function quiet(store: Store): Promise<void> {
  let last = -1;
  let since = performance.now();
  await until('the activity to rest', () => {
    const now = store.activityBounds().last;
    if (now !== last) since = performance.now();
    last = now;
    return performance.now() - since > 5_000;
  });
}
