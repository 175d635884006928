/** A store on a database of its own, in a world whose clocks and processes the test decides. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { checkInvariants } from '../src/check-invariants.ts';
import { createStoreIn } from '../src/create-store.ts';
import type { Claim, ClaimResult, Holder, RequestContext, Settlement, Store } from '../src/store.ts';
import type { World } from '../src/world.ts';

export const asUser: RequestContext = { actor: 'user' };

export interface TestStore extends ReturnType<typeof shortcuts> {
  readonly path: string;
  readonly store: Store;
  /** Moves both clocks. */
  pass(milliseconds: number): void;
  /** Of the database's disk, from now on; 50,000 before. */
  setFreeDisk(mebibytes: number): void;
  /** Moves the wall clock only. */
  setWallClock(milliseconds: number): void;
  /** A worker process that lives until `kill`. */
  worker(): Holder;
  kill(holder: Holder): void;
  violations(): string[];
}

/** A directory that goes with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync('/tmp/tp-');
  chmodSync(directory, 0o711);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function openTestStore(options: { budgetMiB?: number; leaseMs?: number } = {}): TestStore {
  const path = `${temporaryDirectory()}/tidepool.db`;
  const alive = new Set<string>();
  let wallMs = Date.parse('2026-03-01T12:00:00.000Z');
  let monotonicMs = 1_000;
  let pids = 100;
  let freeMiB = 50_000;
  const world: World = {
    now: () => new Date(wallMs),
    monotonicMs: () => monotonicMs,
    isAlive: (holder) => alive.has(nameOf(holder)),
    freeMiB: () => freeMiB,
    bootId: () => '0b5f6c1e-0000-4000-8000-000000000000',
  };
  const store = createStoreIn(world, {
    path,
    budgetMiB: options.budgetMiB ?? 100_000,
    leaseMs: options.leaseMs ?? 30_000,
  });
  onTestFinished(() => store.close());
  const worker = () => {
    const holder = { bootId: 'boot', pid: pids++, startTime: '1' };
    alive.add(nameOf(holder));
    return holder;
  };
  return {
    path,
    store,
    pass: (milliseconds) => {
      wallMs += milliseconds;
      monotonicMs += milliseconds;
    },
    setFreeDisk: (mebibytes) => {
      freeMiB = mebibytes;
    },
    setWallClock: (milliseconds) => {
      wallMs = milliseconds;
    },
    worker,
    kill: (holder) => alive.delete(nameOf(holder)),
    violations: () => checkInvariants(path),
    ...shortcuts(store, worker()),
  };
}

function nameOf({ bootId, pid, startTime }: Holder): string {
  return `${bootId} ${pid} ${startTime}`;
}

/** The usual ways of a workspace, so that a test begins where it has something to say. */
function shortcuts(store: Store, worker: Holder) {
  const claim = (jobId: string, holder: Holder = worker): Claim => claimed(store.claim(jobId, holder));
  const finish = (jobId: string, settlement?: Settlement) => {
    const { fence, portsVersion } = claim(jobId);
    return store.settle(jobId, fence, settlement ?? { outcome: 'succeeded', address: '10.0.0.1:8080', portsVersion });
  };
  const request = (name: string, memoryMiB = 1024) =>
    store.create({ name, image: 'workspace@1', cpus: 2, memoryMiB, diskGiB: 20 }, asUser);
  const running = (name: string, memoryMiB?: number): string => {
    const { workspace, job } = request(name, memoryMiB);
    finish(job.id);
    return workspace.id;
  };
  const stopped = (name: string, memoryMiB?: number): string => {
    const id = running(name, memoryMiB);
    finish(store.act(id, 'stop', asUser).job.id);
    return id;
  };
  const failure = (instanceStopped: boolean): Settlement => ({
    outcome: 'failed',
    code: 'instance_failed',
    message: 'The machine ended with code 1.',
    instanceStopped,
  });
  return { claim, finish, request, running, stopped, failure };
}

/** @throws where the claim was not granted */
export function claimed(result: ClaimResult): Claim {
  if (result.outcome !== 'claimed') throw new Error(`not claimed: ${result.reason}`);
  return result.claim;
}

/** What `run` throws, by its code. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'nothing thrown';
}
