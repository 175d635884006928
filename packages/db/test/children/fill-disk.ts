/**
 * Runs in a mount namespace of its own: puts a database on a disk of 8 MiB, fills that, and says as JSON what came of
 * it before, while and after the disk was full.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { checkInvariants, createStore } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const directory = argument(0);
begin();
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory]);
const path = `${directory}/tidepool.db`;
const filler = `${directory}/filler`;
const options = { path, budgetMiB: 1_000_000, leaseMs: 30_000 };
const store = createStore(options);

const accepted = [request('before')];
writeFileSync(filler, Buffer.alloc(statfsSync(directory).bavail * statfsSync(directory).bsize));
const refusals: string[] = [];
for (let turn = 0; refusals.length < 5 && turn < 5_000; turn++) {
  try {
    accepted.push(request(`during-${turn}`));
  } catch (error) {
    refusals.push(error instanceof TidepoolError ? error.code : String(error));
  }
}
const readable = accepted.every((id) => store.workspace(id) !== null);
const violationsWhileFull = checkInvariants(path);
const deleted = store.act(accepted[0] ?? '', 'delete', { actor: 'user' }).workspace.status;
rmSync(filler);
accepted.push(request('after'));
const another = createStore(options);
say(
  JSON.stringify({
    refusals,
    readable,
    violationsWhileFull,
    deleted,
    violationsAfter: checkInvariants(path),
    lost: accepted.length - another.counts().total,
  }),
);
another.close();
store.close();

function request(name: string): string {
  return store.create({ name, image: 'workspace@1', cpus: 1, memoryMiB: 512, diskGiB: 20 }, { actor: 'user' }).workspace
    .id;
}
