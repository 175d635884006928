/**
 * What Caddy's memory comes to while routes of others change and terminals stay open. Where routes stand in the config, a
 * terminal keeps the whole config alive that was there when it was opened, so those opened one after another keep one each.
 */
import { readFileSync } from 'node:fs';
import type { RouteTarget } from '@tidepool/core';
import type WebSocket from 'ws';
import { askAdmin } from '../packages/caddy/src/admin-client.ts';
import { tableId, tableOf } from '../packages/caddy/src/admin-table.ts';
import { entryOf } from '../packages/caddy/src/table-entry.ts';
import { unguarded } from '../packages/caddy/src/unguarded.ts';
import { openWebSocket } from '../packages/caddy/test/ask.ts';
import { newestCaddy } from '../packages/caddy/test/caddy-versions.ts';
import { startTestbed, type Testbed } from '../packages/caddy/test/testbed.ts';
import { type BenchTable, ratio } from './table.ts';

const terminals = 20;
/** Half of them add a route, half remove it. */
const changes = 200;

export async function benchRouteMemory(sizes: readonly number[]): Promise<BenchTable> {
  const rows: BenchTable['rows'][number][] = [];
  for (const size of sizes) {
    for (const opened of ['none', 'before all changes', 'one every 10 changes'] as const) {
      const { before, after, open } = await measure(size, opened);
      rows.push({ name: `${size} routes, terminals: ${opened}`, values: [before, after, ratio(after, before), open] });
    }
  }
  return {
    title: 'Caddy’s memory with routes by the admin API, MiB',
    columns: ['at first', `after ${changes} changes`, '×', 'terminals open'],
    rows,
    goals: [],
    notes: [`VmRSS of Caddy ${newestCaddy.version}; ${terminals} terminals where there are any.`],
  };
}

type Opened = 'none' | 'before all changes' | 'one every 10 changes';

async function measure(size: number, opened: Opened): Promise<{ before: number; after: number; open: number }> {
  const bed = await startTestbed({ ...newestCaddy, routes: 'admin' });
  const sockets: WebSocket[] = [];
  const open = async () => sockets.push(await openTerminal(bed));
  try {
    const { target } = await bed.upstream('terminal');
    await fill(bed, size, target);
    if (opened === 'before all changes') for (let index = 0; index < terminals; index += 1) await open();
    const before = residentMiB(bed);
    for (let change = 0; change < changes; change += 2) {
      await bed.routes.replace('guest', [{ port: 'ide', target, stripPrefix: true }], unguarded);
      await bed.routes.replace('guest', [], unguarded);
      if (opened === 'one every 10 changes' && change % (changes / terminals) === 0) await open();
    }
    const stillOpen = sockets.filter(({ readyState, OPEN }) => readyState === OPEN);
    return { before, after: residentMiB(bed), open: stillOpen.length };
  } finally {
    for (const socket of sockets) socket.terminate();
    await bed.end();
  }
}

/** In one change: one after another would leave their own traces in the memory. */
async function fill({ input }: Testbed, size: number, target: RouteTarget): Promise<void> {
  const entries = Array.from({ length: size }, (_, index) =>
    entryOf(`space-${index}`, { port: 'ide', target, stripPrefix: true }),
  );
  const json = JSON.stringify(tableOf(entries));
  await askAdmin(input.admin, { method: 'PATCH', path: `/id/${tableId}`, json });
}

function openTerminal({ input, cookie }: Testbed): Promise<WebSocket> {
  return openWebSocket(`ws://127.0.0.1:${input.ports.workspace}/workspace/space-0/x`, { Cookie: cookie });
}

function residentMiB({ caddy }: Testbed): number {
  const status = readFileSync(`/proc/${caddy.child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
}
