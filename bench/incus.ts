/**
 * Create and start on Incus to the first 200 of the editor's page: by Tidepool through Caddy, and by hand. By hand is what a
 * script would do: the same REST calls to the same daemon, with the same image and configuration, the page asked of the
 * instance itself. Interleaved, so that both meet the same noise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accepted, Job, StepName } from '@tidepool/core';
import { finished, type Tidepool } from '../e2e/tidepool.ts';
import { firstPage } from './first-page.ts';
import { type IncusByHand, openIncusByHand } from './incus-by-hand.ts';
import { benchIncusMemory } from './incus-memory.ts';
import { type BenchTable, median, percentile, ratio } from './table.ts';
import { listenForRunning } from './until-running.ts';

const size = { cpus: 2, memoryMiB: 1024, diskGiB: 5 } as const;

interface Measured {
  readonly ms: number;
  readonly job: Job | null;
}

interface Rounds {
  readonly create: { readonly own: Measured[]; readonly hand: Measured[] };
  readonly start: { readonly own: Measured[]; readonly hand: Measured[] };
}

export async function benchIncus(tidepool: Tidepool, rounds: number): Promise<BenchTable[]> {
  const measured: Rounds = { create: { own: [], hand: [] }, start: { own: [], hand: [] } };
  const hand = await openIncusByHand(await createModel(tidepool));
  try {
    // The first of each unpacks the image and warms the page cache, and is not counted.
    for (let round = 0; round <= rounds; round += 1) await measureRound(tidepool, hand, round, measured);
    const memory = await benchIncusMemory(tidepool, hand);
    return [timesTable(measured, rounds), sharesTable(measured), memory];
  } finally {
    await hand.close();
  }
}

/** The workspace that is done by hand what Tidepool did to it. */
async function createModel(tidepool: Tidepool): Promise<{ readonly tidepool: Tidepool; readonly id: string }> {
  const accepted = await tidepool.api('createWorkspace', { body: { name: 'model', ...size } });
  const { status, error } = await finished(tidepool, accepted);
  if (status !== 'succeeded') throw new Error(`model: ${JSON.stringify(error)}`);
  await finished(tidepool, await tidepool.api('stopWorkspace', { params: { id: 'model' } }));
  return { tidepool, id: accepted.workspace.id };
}

/** One alone after another, and who is first changes with each round: nothing that starts meets what another left behind. */
async function measureRound(tidepool: Tidepool, hand: IncusByHand, round: number, measured: Rounds): Promise<void> {
  const sides = [ownSide(tidepool, `bench-${round}`), handSide(hand, `bench-${round}`)];
  if (round % 2 === 1) sides.reverse();
  for (const { of, create, stop } of sides) {
    const value = await create();
    await stop();
    if (round > 0) measured.create[of].push(value);
  }
  for (const { of, start, stop } of sides) {
    const value = await start();
    await stop();
    if (round > 0) measured.start[of].push(value);
  }
  for (const { remove } of sides) await remove();
}

interface Side {
  readonly of: 'own' | 'hand';
  create(): Promise<Measured>;
  start(): Promise<Measured>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

function ownSide(tidepool: Tidepool, name: string): Side {
  const params = { id: name };
  const done = async (accepted: Accepted) => void (await finished(tidepool, accepted));
  return {
    of: 'own',
    create: () => timed(tidepool, name, () => tidepool.api('createWorkspace', { body: { name, ...size } })),
    start: () => timed(tidepool, name, () => tidepool.api('startWorkspace', { params })),
    stop: async () => done(await tidepool.api('stopWorkspace', { params })),
    remove: async () => done(await tidepool.api('deleteWorkspace', { params })),
  };
}

function handSide(hand: IncusByHand, name: string): Side {
  return {
    of: 'hand',
    create: () => timedByHand(() => hand.create(name)),
    start: () => timedByHand(() => hand.start(name)),
    stop: () => hand.stop(name),
    remove: () => hand.remove(name),
  };
}

async function timed(tidepool: Tidepool, name: string, ask: () => Promise<Accepted>): Promise<Measured> {
  await quiet();
  const { running } = await listenForRunning(tidepool, name);
  const begun = performance.now();
  const accepted = await ask();
  await running;
  await firstPage(`${tidepool.workspaceOrigin}/workspace/${name}/`, { authorization: tidepool.authorization });
  const ms = performance.now() - begun;
  return { ms, job: await finished(tidepool, accepted) };
}

/** `ask` gives the address of the page once Incus is asked for nothing more. */
async function timedByHand(ask: () => Promise<string>): Promise<Measured> {
  await quiet();
  const begun = performance.now();
  await firstPage(await ask(), {});
  return { ms: performance.now() - begun, job: null };
}

/** What went before has its last writes and clean-up done. */
function quiet(): Promise<void> {
  return sleep(1_000);
}

function timesTable({ create, start }: Rounds, rounds: number): BenchTable {
  const row = (name: string, own: readonly Measured[], hand: readonly Measured[]) => {
    const [values, others] = [own.map(({ ms }) => ms), hand.map(({ ms }) => ms)];
    const [p50, p95] = [median(values), percentile(values, 95)];
    return { name, values: [p50, p95, ratio(p50, median(others)), ratio(p95, percentile(others, 95))] };
  };
  const goals = (what: string, { own, hand }: Rounds['create']) => {
    const [mine, bare] = [median(own.map(({ ms }) => ms)), median(hand.map(({ ms }) => ms))];
    const share = { what: `${what}, Tidepool ÷ by hand, p50`, goal: 'at most 1.05', value: ratio(mine, bare) };
    const difference = { what: `${what}, the difference at p50, ms`, goal: 'at most 100', value: mine - bare };
    return [
      { ...share, met: mine <= 1.05 * bare },
      { ...difference, met: mine - bare <= 100 },
    ];
  };
  return {
    title: 'Incus: to the first 200 of the editor',
    columns: ['p50 ms', 'p95 ms', '× by hand, p50', '× by hand, p95'],
    rows: [
      row('create by Tidepool, through Caddy', create.own, create.hand),
      row('create by hand', create.hand, create.hand),
      row('start by Tidepool, through Caddy', start.own, start.hand),
      row('start by hand', start.hand, start.hand),
    ],
    goals: [...goals('create', create), ...goals('start', start)],
    notes: [
      `${rounds} interleaved rounds after one that is not counted, each alone on the machine; the one asks for the page once the events say that it runs, the other every 5 ms.`,
    ],
  };
}

/** What the time went to: from the request to the first step, each step, and what is left to the page. */
function sharesTable({ create, start }: Rounds): BenchTable {
  const parts = [
    'until a worker begins',
    ...stepsOf(create.own),
    'between steps',
    'from the end of the job to the page',
  ] as const;
  const columns = [create.own, start.own].map((measured) => measured.map((each) => sharesOf(each)));
  return {
    title: 'Incus: where the time of Tidepool goes, p50',
    columns: ['create ms', '% of create', 'start ms', '% of start'],
    rows: parts.map((part) => ({
      name: part,
      values: columns.flatMap((shares, index) => {
        const ms = median(shares.map((share) => share.get(part) ?? 0));
        const whole = median([create.own, start.own][index]?.map((each) => each.ms) ?? []);
        return [ms, Math.round((ms / whole) * 100)];
      }),
    })),
    goals: [],
    notes: ['From the steps of each job; medians, so they need not add up.'],
  };
}

function stepsOf(measured: readonly Measured[]): StepName[] {
  return measured[0]?.job?.steps.map(({ name }) => name) ?? [];
}

function sharesOf({ ms, job }: Measured): Map<string, number> {
  const waited = Date.parse(job?.startedAt ?? '') - Date.parse(job?.createdAt ?? '');
  const steps = (job?.steps ?? []).map(({ name, durationMs }) => [name, durationMs ?? 0] as const);
  const worked = Date.parse(job?.finishedAt ?? '') - Date.parse(job?.startedAt ?? '');
  const between = worked - steps.reduce((sum, [, duration]) => sum + duration, 0);
  return new Map<string, number>([
    ['until a worker begins', waited],
    ...steps,
    ['between steps', between],
    ['from the end of the job to the page', ms - waited - worked],
  ]);
}
