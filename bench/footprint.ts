/** Resident memory and idle CPU of the control plane, by process: as it stands, and with workspaces running. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunning, type Tidepool } from '../e2e/tidepool.ts';
import { type BenchTable, ratio } from './table.ts';

/** What belongs to the control plane, and how its command line is known. */
const processes = {
  supervisor: 'packages/cli/src/main.ts',
  server: 'packages/server/src/main.ts',
  worker: 'packages/worker/src/main.ts',
  queue: 'packages/queue/src/main.ts',
  caddy: 'caddy\0run',
} as const;

/** Of `/proc/PID/stat`, whose times are in clock ticks: 100 a second on every Linux that Node runs on. */
const ticksPerSecond = 100;

export async function benchFootprint(
  tidepool: Tidepool,
  workspaces: number,
  idleSeconds: number,
): Promise<BenchTable[]> {
  const idle = await residentMiB(tidepool);
  const cpu = await cpuPercent(tidepool, idleSeconds);
  for (let index = 0; index < workspaces; index += 1) await createRunning(tidepool, `resident-${index}`);
  const busy = await residentMiB(tidepool);
  const names = Object.keys(processes) as (keyof typeof processes)[];
  const total = (of: Record<string, number>) => names.reduce((sum, name) => sum + (of[name] ?? 0), 0);
  const cpuTotal = total(cpu);
  return [
    {
      title: 'Resident memory of the control plane, MiB',
      columns: ['idle', `${workspaces} workspaces`, '×'],
      rows: [
        ...names.map((name) => ({
          name,
          values: [idle[name] ?? 0, busy[name] ?? 0, ratio(busy[name] ?? 0, idle[name] ?? 1)],
        })),
        { name: 'together', values: [total(idle), total(busy), ratio(total(busy), total(idle))] },
      ],
      goals: [],
      notes: ['VmRSS, so pages that processes share count in each.'],
    },
    {
      title: 'CPU of the idle control plane, % of one core',
      columns: ['%'],
      rows: [...names.map((name) => ({ name, values: [cpu[name] ?? 0] })), { name: 'together', values: [cpuTotal] }],
      goals: [{ what: 'together', goal: 'under 1', value: cpuTotal, met: cpuTotal < 1 }],
      notes: [`User and system time over ${idleSeconds} s, no workspace running, no browser connected.`],
    },
  ];
}

async function residentMiB(tidepool: Tidepool): Promise<Record<string, number>> {
  return perProcess(tidepool, async (pid) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
  });
}

async function cpuPercent(tidepool: Tidepool, seconds: number): Promise<Record<string, number>> {
  const ticks = async (pid: number) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const before = await perProcess(tidepool, ticks);
  await sleep(seconds * 1000);
  const after = await perProcess(tidepool, ticks);
  return Object.fromEntries(
    Object.keys(before).map((name) => [
      name,
      (((after[name] ?? 0) - (before[name] ?? 0)) / ticksPerSecond / seconds) * 100,
    ]),
  );
}

async function perProcess(
  tidepool: Tidepool,
  measure: (pid: number) => Promise<number>,
): Promise<Record<string, number>> {
  const entries = Object.entries(processes).map(async ([name, part]) => {
    const [pid] = await tidepool.pids(part);
    if (pid === undefined) throw new Error(`${name} does not run`);
    return [name, await measure(pid)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
