/** What an idle workspace on Incus takes of the host's memory, its page asked for once and nobody connected. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunning, type Tidepool } from '../e2e/tidepool.ts';
import type { IncusByHand } from './incus-by-hand.ts';
import { type BenchTable, median } from './table.ts';

const workspaces = 5;
const settleMs = 15_000;

export async function benchIncusMemory(tidepool: Tidepool, hand: IncusByHand): Promise<BenchTable> {
  await sleep(settleMs);
  const before = await availableMiB();
  const instances: string[] = [];
  for (let index = 0; index < workspaces; index += 1) {
    instances.push(`tp-${(await createRunning(tidepool, `idle-${index}`)).id}`);
  }
  await sleep(settleMs);
  const taken = before - (await availableMiB());
  const told = await Promise.all(instances.map((instance) => hand.memoryMiB(instance)));
  return {
    title: 'Incus: memory per idle workspace, MiB',
    columns: ['MiB'],
    rows: [
      { name: 'less available on the host (MemAvailable), per workspace', values: [Math.round(taken / workspaces)] },
      { name: 'in its control group, as Incus tells (median)', values: [median(told)] },
    ],
    goals: [],
    notes: [
      `${workspaces} workspaces, ${settleMs / 1000} s after the last one answered. What they share counts once in the first row.`,
    ],
  };
}

async function availableMiB(): Promise<number> {
  const found = /MemAvailable:\s+(\d+) kB/.exec(await readFile('/proc/meminfo', 'utf8'));
  return Number(found?.[1] ?? 0) / 1024;
}
