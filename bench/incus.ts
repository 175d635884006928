/**
 * Create and start on Incus to the first 200 of the editor's page: by Tidepool through Caddy, and bare, the page asked of
 * the instance itself. Bare is the same REST calls to the same daemon, with the same image and configuration; and the
 * fewest calls with which a script would get there, without a fence, a label or a look. Interleaved, so that all meet the
 * same noise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accepted, Job, StepName, Workspace } from '@tidepool/core';
import { finished, type Tidepool } from '../e2e/tidepool.ts';
import { firstPage } from './first-page.ts';
import { type BareIncus, openIncusByHand } from './incus-by-hand.ts';
import { benchIncusMemory } from './incus-memory.ts';
import { openSameCalls } from './incus-same-calls.ts';
import { type BenchTable, median, percentile, ratio } from './table.ts';
import { listenForRunning } from './until-running.ts';

const size = { cpus: 2, memoryMiB: 1024, diskGiB: 5 } as const;

interface Measured {
  readonly ms: number;
  readonly job: Job | null;
}

type Way = 'own' | 'same' | 'fewest';

interface Rounds {
  readonly create: Readonly<Record<Way, Measured[]>>;
  readonly start: Readonly<Record<Way, Measured[]>>;
}

export async function benchIncus(tidepool: Tidepool, rounds: number): Promise<BenchTable[]> {
  const model = await createModel(tidepool);
  const hand = await openIncusByHand({ tidepool, id: model.id });
  try {
    const measured = await measureRounds(tidepool, hand, model, rounds);
    const memory = await benchIncusMemory(tidepool, hand);
    return [timesTable(measured, rounds), sharesTable(measured), memory];
  } finally {
    await hand.close();
    await removeAll(tidepool);
  }
}

/** The Incus may be its owner's, and stays. */
async function removeAll(tidepool: Tidepool): Promise<void> {
  const { items } = await tidepool.api('listWorkspaces', { query: { limit: '100' } });
  for (const { id } of items) await finished(tidepool, await tidepool.api('deleteWorkspace', { params: { id } }));
}

async function measureRounds(
  tidepool: Tidepool,
  fewest: BareIncus,
  { image }: Pick<Workspace, 'image'>,
  rounds: number,
): Promise<Rounds> {
  const measured: Rounds = { create: { own: [], same: [], fewest: [] }, start: { own: [], same: [], fewest: [] } };
  const same = openSameCalls(tidepool, { ...size, image });
  try {
    // The first of each unpacks the image and warms the page cache, and is not counted.
    for (let round = 0; round <= rounds; round += 1) await measureRound(tidepool, { same, fewest }, round, measured);
    return measured;
  } finally {
    await same.close();
  }
}

/** The workspace that is done by hand what Tidepool did to it. */
async function createModel(tidepool: Tidepool): Promise<Workspace> {
  const accepted = await tidepool.api('createWorkspace', { body: { name: 'model', ...size } });
  const { status, error } = await finished(tidepool, accepted);
  if (status !== 'succeeded') throw new Error(`model: ${JSON.stringify(error)}`);
  await finished(tidepool, await tidepool.api('stopWorkspace', { params: { id: 'model' } }));
  return accepted.workspace;
}

/** One alone after another, and who is first changes with each round: nothing that starts meets what another left behind. */
async function measureRound(
  tidepool: Tidepool,
  bare: Readonly<Record<Exclude<Way, 'own'>, BareIncus>>,
  round: number,
  measured: Rounds,
): Promise<void> {
  const name = `bench-${round}`;
  const all = [
    ownSide(tidepool, name),
    bareSide('same', bare.same, name),
    bareSide('fewest', bare.fewest, name),
  ] as const;
  const sides = all.map((_, index) => all[(index + round) % all.length] ?? all[0]);
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
  readonly of: Way;
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

function bareSide(of: Way, bare: BareIncus, name: string): Side {
  return {
    of,
    create: () => timedBare(() => bare.create(name)),
    start: () => timedBare(() => bare.start(name)),
    stop: () => bare.stop(name),
    remove: () => bare.remove(name),
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
async function timedBare(ask: () => Promise<string>): Promise<Measured> {
  await quiet();
  const begun = performance.now();
  await firstPage(await ask(), {});
  return { ms: performance.now() - begun, job: null };
}

/** What went before has its last writes and clean-up done; a second after an instance ended, its network is looked at. */
function quiet(): Promise<void> {
  return sleep(2_000);
}

function timesTable({ create, start }: Rounds, rounds: number): BenchTable {
  const row = (name: string, own: readonly Measured[], all: Rounds['create']) => {
    const times = ({ ms }: Measured) => ms;
    const values = own.map(times);
    const [p50, p95] = [median(values), percentile(values, 95)];
    const [same, fewest] = [all.same.map(times), all.fewest.map(times)];
    const [ofSame, ofFewest] = [ratio(p50, median(same)), ratio(p50, median(fewest))];
    return { name, values: [p50, p95, ofSame, ratio(p95, percentile(same, 95)), ofFewest] };
  };
  const goals = (what: string, { own, same }: Rounds['create']) => {
    const [mine, bare] = [median(own.map(({ ms }) => ms)), median(same.map(({ ms }) => ms))];
    const share = { what: `${what}, Tidepool ÷ the same calls, p50`, goal: 'at most 1.05', value: ratio(mine, bare) };
    const difference = { what: `${what}, the difference at p50, ms`, goal: 'at most 100', value: mine - bare };
    return [
      { ...share, met: mine <= 1.05 * bare },
      { ...difference, met: mine - bare <= 100 },
    ];
  };
  const rows = (what: string, all: Rounds['create']) => [
    row(`${what} by Tidepool, through Caddy`, all.own, all),
    row(`${what} by the same calls`, all.same, all),
    row(`${what} by the fewest calls`, all.fewest, all),
  ];
  return {
    title: 'Incus: to the first 200 of the editor',
    columns: ['p50 ms', 'p95 ms', '× the same calls, p50', '× the same calls, p95', '× the fewest calls, p50'],
    rows: [...rows('create', create), ...rows('start', start)],
    goals: [...goals('create', create), ...goals('start', start)],
    notes: [
      `${rounds} interleaved rounds after one that is not counted, each alone on the machine; Tidepool's page is asked for once the events say that it runs, a bare one's every 5 ms.`,
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
