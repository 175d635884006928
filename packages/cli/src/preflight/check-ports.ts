/** Whether the ports are free, and who has those that are not. */
import { basename } from 'node:path';
import type { Config } from '@tidepool/core';
import type { Host, PortState } from './host.ts';
import { type Check, type Look, ok } from './look.ts';

interface WantedPort {
  readonly variable: string;
  readonly port: number;
  readonly address: string;
  readonly purpose: string;
}

export const checkPorts: Check = async ({ host, config, ownPids }) => {
  const wanted = wantedPorts(config);
  const states = await Promise.all(wanted.map(({ address, port }) => host.listen(address, port)));
  const holders = states.includes('EADDRINUSE') ? await listeners(host) : new Map<number, Holder[]>();
  const looks = wanted.map(async (each, index): Promise<Look> => {
    const state = states[index] ?? 'other';
    const holding = holders.get(each.port) ?? [];
    const common = { id: `port.${each.port}`, title: `Port ${each.port}` };
    if (state === 'free') return ok(common.id, common.title, `Free for ${each.purpose}.`);
    if (state === 'EADDRINUSE' && holding.some(({ pid }) => ownPids.has(pid))) {
      return ok(common.id, common.title, `Held by this Tidepool itself, for ${each.purpose}.`);
    }
    return { ...common, status: 'failed', ...(await trouble(host, each, state, holding)) };
  });
  return Promise.all(looks);
};

function wantedPorts({ bind, ports, queue }: Config): WantedPort[] {
  const local = '127.0.0.1';
  return [
    { variable: 'TIDEPOOL_APP_PORT', port: ports.app, address: bind, purpose: 'the page and the API' },
    { variable: 'TIDEPOOL_WORKSPACE_PORT', port: ports.workspace, address: bind, purpose: 'the workspaces' },
    { variable: 'TIDEPOOL_API_PORT', port: ports.api, address: local, purpose: 'the server' },
    { variable: 'TIDEPOOL_GUEST_PORT', port: ports.guest, address: local, purpose: 'the guest API' },
    ...(queue.url === null
      ? [{ variable: 'TIDEPOOL_QUEUE_PORT', port: queue.port, address: local, purpose: 'the queue' }]
      : []),
  ];
}

async function trouble(
  host: Host,
  { variable, port, address }: WantedPort,
  state: PortState,
  holders: readonly Holder[],
): Promise<Pick<Look, 'detail' | 'fix'>> {
  if (state === 'EADDRNOTAVAIL') {
    const fix = 'Set TIDEPOOL_BIND to an address of this machine, or leave it out.';
    return { detail: `${address} is no address of this machine.`, fix };
  }
  const other = `${variable}=${await freePort(host, address, port)} npm start`;
  if (state === 'EACCES') {
    return { detail: `Only root may listen on ${port}.`, fix: `Take a port from 1024 on: ${other}` };
  }
  const [holder] = holders;
  const who = holder === undefined ? 'another program' : `${programOf(host, holder)} (process ${holder.pid})`;
  return { detail: `Port ${port} is taken by ${who}.`, fix: `End that program, or take another port: ${other}` };
}

/** What it was started as: `ss` knows its first thread's name only, which is "MainThread" for all of Node's. */
function programOf(host: Host, { name, pid }: Holder): string {
  const [program = ''] = (host.read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  return basename(program) || name;
}

/** The first free one of those people think of. */
async function freePort(host: Host, address: string, taken: number): Promise<number> {
  for (const step of [100, 200, 300, 1000, 2000, 3000]) {
    const port = (taken < 1024 ? 8000 + (taken % 1000) : taken) + step;
    if (port <= 65535 && (await host.listen(address, port)) === 'free') return port;
  }
  return 18080;
}

interface Holder {
  readonly name: string;
  readonly pid: number;
}

/** `LISTEN 0 511 127.0.0.1:7163 0.0.0.0:* users:(("node",pid=812,fd=21))`; only root sees the processes of others. */
async function listeners(host: Host): Promise<Map<number, Holder[]>> {
  const { output } = await host.run(['ss', '-Hltnp']);
  const found = new Map<number, Holder[]>();
  for (const line of output.split('\n')) {
    const port = Number(/^\S+\s+\d+\s+\d+\s+\S*:(\d+)\s/.exec(line)?.[1]);
    const holders = [...line.matchAll(/\("([^"]+)",pid=(\d+)/g)].map(([, name = '', pid]) => ({
      name,
      pid: Number(pid),
    }));
    found.set(port, [...(found.get(port) ?? []), ...holders]);
  }
  return found;
}
