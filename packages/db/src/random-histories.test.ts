/** Random requests, claims, settlements, crashes and passing time: whatever comes after what, the invariants hold. */
import { type Job, TidepoolError } from '@tidepool/core';
import { expect, test } from 'vitest';
import { asUser, openTestStore, type TestStore } from '../test/open-test-store.ts';
import type { Holder, Settlement } from './store.ts';

const steps = 250;
const budgetMiB = 4096;
const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
const verbs = ['start', 'stop', 'restart', 'delete', 'retry'] as const;
const stepNames = ['ensureInstance', 'ensureRunning', 'ensureRoutes', 'removeRoutes', 'stopInstance'] as const;

test.each([1, 2, 3, 4, 5, 6, 7, 8])('random history %d', (seed) => {
  const fixture = openTestStore({ budgetMiB, leaseMs: 30_000 });
  const history = createHistory(fixture, seed);
  for (let step = 0; step < steps; step++) {
    const what = history.next();
    expect(fixture.violations(), `after step ${step}, ${what}`).toEqual([]);
  }
  history.drain();
  expect(fixture.violations()).toEqual([]);
  expect(fixture.store.counts().openJobs).toBe(0);
  for (const { name, status } of fixture.store.allWorkspaces()) {
    expect(['running', 'stopped', 'error'], name).toContain(status);
  }
});

/** A claim that was granted, by whom; it may be void by now. */
interface Held {
  readonly jobId: string;
  readonly fence: number;
  readonly portsVersion: number;
  readonly holder: Holder;
}

function createHistory({ store, worker, kill, pass }: TestStore, seed: number) {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const name = () => pick(names) ?? 'alpha';
  const jobIds: string[] = [];
  let held: Held[] = [];
  let workers = [worker(), worker()];

  const claim = (jobId: string | undefined) => {
    const holder = pick(workers);
    if (jobId === undefined || holder === undefined) return;
    const result = store.claim(jobId, holder);
    if (result.outcome !== 'claimed') return;
    const { fence, portsVersion } = result.claim;
    for (const other of held.filter((each) => each.jobId === jobId)) expect(fence).toBeGreaterThan(other.fence);
    held.push({ jobId, fence, portsVersion, holder });
  };
  const settle = (claimed: Held, settlement: Settlement) => {
    const { settled } = store.settle(claimed.jobId, claimed.fence, settlement);
    if (settled) held = held.filter((each) => each !== claimed);
  };
  const withHeld = (run: (claimed: Held) => void) => {
    const claimed = pick(held);
    if (claimed) run(claimed);
  };
  const withClone = (jobId: string, run: () => void) => {
    if (store.job(jobId)?.plan.includes('cloneSource')) run();
  };
  const noteJob = (job: Job | null) => {
    if (!job) return;
    jobIds.push(job.id);
    if (job.plan.includes('ensureRunning')) expect(store.capacity().usedMiB).toBeLessThanOrEqual(budgetMiB);
  };

  const moves: Record<string, () => void> = {
    create: () =>
      noteJob(
        store.create(
          {
            name: name(),
            image: 'i',
            cpus: 1,
            memoryMiB: 512 * (1 + Math.floor(random() * 4)),
            diskGiB: 20,
            source: random() < 0.5 ? { git: 'https://example.org/a.git' } : undefined,
          },
          asUser,
        ).job,
      ),
    act: () => noteJob(store.act(name(), pick(verbs) ?? 'start', asUser).job),
    actAgain: () => noteJob(store.act(name(), pick(verbs) ?? 'start', asUser).job),
    addPort: () =>
      noteJob(
        store.addPort(name(), { port: 3000 + Math.floor(random() * 7), label: null, stripPrefix: true }, asUser).job,
      ),
    removePort: () => noteJob(store.removePort(name(), 3000 + Math.floor(random() * 7), asUser).job),
    cloneSource: () => noteJob(store.cloneSource(name(), asUser).job),
    sourceCloned: () => withHeld(({ jobId, fence }) => withClone(jobId, () => store.sourceCloned(jobId, fence))),
    sourceFailed: () =>
      withHeld(({ jobId, fence }) =>
        withClone(jobId, () => store.sourceFailed(jobId, fence, { code: 'source_failed', message: 'No.' })),
      ),
    resize: () => {
      store.resize(name(), { memoryMiB: 512 * (1 + Math.floor(random() * 4)) }, asUser);
    },
    claimAny: () => claim(pick(jobIds)),
    claimDue: () => claim(pick(store.sweep().jobIds)),
    claimSent: () => claim(pick(store.outbox(10))?.id),
    sent: () => store.sent(pick(jobIds) ?? 'none'),
    heartbeat: () => withHeld(({ jobId, fence }) => store.heartbeat(jobId, fence)),
    guarded: () => withHeld(({ jobId, fence }) => store.guarded(jobId, fence, () => undefined)),
    step: () =>
      withHeld(({ jobId, fence }) => {
        const step = pick(stepNames) ?? 'ensureRoutes';
        store.stepStarted(jobId, fence, step);
        if (random() < 0.7) store.stepFinished(jobId, fence, step, { ok: random() < 0.8, durationMs: 5 });
      }),
    succeed: () =>
      withHeld((claimed) => {
        settle(claimed, { outcome: 'succeeded', address: 'a', portsVersion: claimed.portsVersion });
        settle(claimed, {
          outcome: 'succeeded',
          address: 'a',
          portsVersion: store.portsOf(claimed.jobId, claimed.fence).portsVersion,
        });
      }),
    fail: () =>
      withHeld((claimed) =>
        settle(claimed, {
          outcome: 'failed',
          code: 'instance_failed',
          message: 'It ended.',
          instanceStopped: random() < 0.5,
        }),
      ),
    retry: () =>
      withHeld((claimed) =>
        settle(claimed, { outcome: 'retry', delayMs: 3_000, code: 'proxy_unavailable', message: 'No answer.' }),
      ),
    release: () => withHeld((claimed) => settle(claimed, { outcome: 'released' })),
    cancel: () =>
      withHeld((claimed) => {
        if (store.job(claimed.jobId)?.cancelRequested) settle(claimed, { outcome: 'cancelled' });
      }),
    crash: () => {
      const [victim, ...others] = workers;
      if (victim) kill(victim);
      workers = [...others, worker()];
    },
    wait: () => pass(Math.floor(random() * 12_000)),
    found: () => {
      const seen = pick(store.allWorkspaces());
      if (seen) store.foundStopped(seen.id, seen.version, 'instance_stopped');
    },
    shutDown: () => {
      if (random() < 0.2) store.shutDown(pick(store.allWorkspaces())?.id ?? 'none');
    },
  };

  const allowRefusal = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof TidepoolError)) throw error;
      expect(error.code).not.toBe('busy');
    }
  };

  return {
    next: (): string => {
      const [what, move] = pick(Object.entries(moves)) ?? ['nothing', () => undefined];
      allowRefusal(move);
      return what;
    },
    /** A worker that does nothing but its duty brings everything to an end, with no one's help. */
    drain: () => {
      for (const each of workers) kill(each);
      workers = [worker()];
      for (let round = 0; round < 50 && store.counts().openJobs > 0; round++) {
        pass(10_000);
        for (const jobId of store.sweep().jobIds) {
          held = [];
          claim(jobId);
          for (const { fence } of held) {
            const { portsVersion } = store.portsOf(jobId, fence);
            store.settle(jobId, fence, { outcome: 'succeeded', address: 'a', portsVersion });
          }
        }
      }
    },
  };
}

/** mulberry32: small, seeded, good enough to wander. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
