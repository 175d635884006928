/**
 * Runs in a mount namespace of its own: a database on a disk of 96 MiB, of which somebody takes every byte as soon as it is
 * free. Says as JSON what became of changes, however many.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { checkInvariants, createStore, currentHolder } from '../../src/index.ts';
import { hostRecord } from '../host-record.ts';
import { argument, begin, say } from './begin.ts';

const directory = argument(0);
begin();
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', directory]);
const path = `${directory}/tidepool.db`;
const filler = `${directory}/filler`;
const options = { path, budgetMiB: 1_000_000, leaseMs: 30_000 };
const [server, worker] = [createStore(options), createStore(options)];
const asUser = { actor: 'user' } as const;
const ids = Array.from({ length: 40 }, (_, index) => {
  const input = { name: `web-${index}`, image: 'workspace@1', cpus: 1, memoryMiB: 512, diskGiB: 20 };
  const { workspace, job } = server.create(input, asUser);
  finish(job.id);
  return workspace.id;
});
worker.writeHost(hostRecord);

const refusals: string[] = [];
let done = 0;
for (const kind of ['stop', 'delete'] as const) {
  for (const id of ids) {
    try {
      takeAll();
      const { job } = server.act(id, kind, asUser);
      takeAll();
      finish(job.id);
      done += 1;
    } catch (error) {
      refusals.push(error instanceof TidepoolError ? error.code : String(error));
    }
  }
}
const violations = checkInvariants(path);
rmSync(filler);
say(JSON.stringify({ done, refusals, violations }));
server.close();
worker.close();

/** As a worker does, with a heartbeat and a step. */
function finish(jobId: string): void {
  const result = worker.claim(jobId, currentHolder());
  if (result.outcome !== 'claimed') throw new Error(`not claimed: ${result.reason}`);
  const { fence, portsVersion } = result.claim;
  worker.heartbeat(jobId, fence);
  worker.stepStarted(jobId, fence, 'ensureRoutes');
  worker.stepFinished(jobId, fence, 'ensureRoutes', { ok: true, durationMs: 1 });
  worker.settle(jobId, fence, { outcome: 'succeeded', address: 'a', portsVersion });
}

function takeAll(): void {
  for (const bytes of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
