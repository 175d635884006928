/**
 * Routing: requests per second, and how long a new route takes until its first 200, through the file table, routes by the
 * admin API, static routes in Caddy's config and configurable-http-proxy, at 10 and at 1,000 workspaces. All stand at once; the rounds are interleaved.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Client } from 'undici';
import { findLoadGenerator } from './load.ts';
import { benchRouteMemory } from './route-memory.ts';
import {
  adminRoutes,
  configurableHttpProxy,
  fileTable,
  type RouteSubject,
  startFastUpstream,
  staticRoutes,
} from './route-subjects.ts';
import { type BenchTable, median, ratio } from './table.ts';

const sizes = [10, 1000] as const;

interface Measured {
  readonly subject: RouteSubject;
  readonly size: number;
  readonly rates: number[];
  /** Milliseconds. */
  readonly changes: number[];
}

/** @param options `rounds` of `seconds` each, and `changes` of a route in each. Many short ones: whatever else runs meets all alike */
export async function benchRouting({ rounds = 15, seconds = 1, changes = 5 } = {}): Promise<BenchTable[]> {
  const home = mkdtempSync('/tmp/tp-');
  const ends: (() => Promise<void>)[] = [];
  try {
    const load = await findLoadGenerator();
    const measured = await startAll(home, ends);
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const { subject, size, rates, changes: times } of measured) {
        const rate = await load.measure(urlOf(subject, workspaceNames(size).at(-1) ?? ''), subject.headers, seconds);
        const took = await timeChanges(subject, `new-${round}`, changes);
        if (round === 0) continue;
        rates.push(rate);
        times.push(...took);
      }
    }
    const tables = [throughput(measured, load.name, rounds), routeChange(measured, rounds * changes)];
    return [...tables, await benchRouteMemory(sizes)];
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  }
}

async function startAll(home: string, ends: (() => Promise<void>)[]): Promise<Measured[]> {
  const place = (name: string) => {
    mkdirSync(`${home}/${name}`);
    return `${home}/${name}`;
  };
  const upstream = await startFastUpstream(place('upstream'));
  ends.push(upstream.end);
  const measured: Measured[] = [];
  for (const size of sizes) {
    const common = { upstreamPort: upstream.port, workspaces: workspaceNames(size) };
    for (const start of [
      () => fileTable(common),
      () => staticRoutes({ ...common, home: place(`static-${size}`) }),
      () => configurableHttpProxy(common),
      () => adminRoutes(common),
    ]) {
      const subject = await start();
      ends.push(subject.end);
      measured.push({ subject, size, rates: [], changes: [] });
    }
  }
  return measured;
}

/** From the call that adds a route to the end of the first answer 200, asked for again and again on one connection. */
async function timeChanges(subject: RouteSubject, prefix: string, count: number): Promise<number[]> {
  const client = new Client(subject.origin);
  const times: number[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const workspace = `${prefix}-${index}`;
      const begin = performance.now();
      await subject.addRoute(workspace);
      while ((await statusOf(client, subject, workspace)) !== 200);
      times.push(performance.now() - begin);
    }
  } finally {
    await client.destroy();
  }
  return times;
}

async function statusOf(client: Client, { headers }: RouteSubject, workspace: string): Promise<number> {
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: `/workspace/${workspace}/`, headers });
    // Caddy answers an empty 200 where no route matches.
    return (await body.text()) === 'ok' ? statusCode : 0;
  } catch (error) {
    // A change of Caddy's config may reset a connection: no answer yet.
    if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'UND_ERR_SOCKET')) {
      return 0;
    }
    throw error;
  }
}

function throughput(measured: readonly Measured[], load: string, rounds: number): BenchTable {
  const rates = (name: string, size: number) => find(measured, name, size).rates;
  const [table, fixed, other] = namesOf(measured);
  const times = (over: string, size: number) => pairedRatio(rates(table, size), rates(over, size));
  return {
    title: 'Requests per second through the proxy, to the last of all workspaces',
    columns: sizes.flatMap((size) => [`${size} workspaces`, '× static']),
    rows: namesOf(measured).map((name) => ({
      name,
      values: sizes.flatMap((size) => [
        Math.round(median(rates(name, size))),
        pairedRatio(rates(name, size), rates(fixed, size)),
      ]),
    })),
    goals: [
      goal('file table ÷ static route, 10 workspaces', 0.75, times(fixed, 10)),
      goal('file table ÷ static route, 1,000 workspaces', 1.5, times(fixed, 1000)),
      goal('file table ÷ configurable-http-proxy, 10 workspaces', 1.5, times(other, 10)),
      goal('file table ÷ configurable-http-proxy, 1,000 workspaces', 1.5, times(other, 1000)),
    ],
    notes: [
      `Medians of ${rounds} interleaved rounds, ratios too; ${load}. The file table and the routes by the admin API check a session and cut it from each request; the others check nobody.`,
    ],
  };
}

/** The median of each round's own ratio: what disturbs a round disturbs both. */
function pairedRatio(values: readonly number[], bases: readonly number[]): number {
  return median(values.map((value, round) => ratio(value, bases[round] ?? Number.NaN)));
}

function routeChange(measured: readonly Measured[], count: number): BenchTable {
  const time = (name: string, size: number) => median(find(measured, name, size).changes);
  const fixed = namesOf(measured)[1];
  return {
    title: 'A new route until its first 200, ms',
    columns: sizes.flatMap((size) => [`${size} workspaces`, '× static']),
    rows: namesOf(measured).map((name) => ({
      name,
      values: sizes.flatMap((size) => [time(name, size), ratio(time(name, size), time(fixed, size))]),
    })),
    goals: [],
    notes: [
      `Medians of ${count} changes each. Adding a static route or one by the admin API is a change of the config; the first closes every open WebSocket.`,
    ],
  };
}

function namesOf(measured: readonly Measured[]): readonly [string, string, string, string] {
  const [table, fixed, other, admin] = measured;
  if (!table || !fixed || !other || !admin) throw new Error('four subjects are measured');
  return [table.subject.name, fixed.subject.name, other.subject.name, admin.subject.name];
}

function find(measured: readonly Measured[], name: string, size: number): Measured {
  const found = measured.find((entry) => entry.subject.name === name && entry.size === size);
  if (!found) throw new Error(`${name} was not measured at ${size}`);
  return found;
}

function goal(what: string, least: number, value: number): BenchTable['goals'][number] {
  return { what, goal: `at least ${least}`, value, met: value >= least };
}

function urlOf({ origin }: RouteSubject, workspace: string): string {
  return `${origin}/workspace/${workspace}/`;
}

function workspaceNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `space-${index}`);
}
