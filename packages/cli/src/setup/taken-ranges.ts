/** The IPv4 ranges that the machine of the daemon reaches already, each with what has it. */
import { type Ipv4Range, parseIpv4Range } from '@tidepool/core';
import { z } from 'zod';
import type { Setup } from './setup.ts';
import type { IncusObjects } from './survey.ts';

export interface TakenRange extends Ipv4Range {
  /** Such as `eth0`, or `the network incusbr0 of Incus`. */
  readonly by: string;
  /** Whether this machine is on it itself, rather than reaching it by way of another. */
  readonly isLink: boolean;
}

const routes = z.array(z.object({ dst: z.string(), dev: z.string().optional(), gateway: z.string().optional() }));
const networkState = z.object({
  addresses: z.array(z.object({ family: z.string(), address: z.string(), netmask: z.string() })).nullable(),
});

/** Those of our own bridge are not taken by another. */
export async function takenRanges(setup: Setup, objects: IncusObjects | null): Promise<TakenRange[]> {
  const bridge = setup.config.incus.network;
  const others = (objects?.networks ?? []).filter(({ name }) => name !== bridge);
  // One that is down is on no interface, but will be.
  const configured = others.flatMap(({ name, config }) =>
    named(config['ipv4.address'], `the network ${name} of Incus`, true),
  );
  const reached = setup.directory === null ? await ofInterfaces(setup, others) : await ofThisHost(setup, bridge);
  return [...reached, ...configured];
}

/** Routes cover what interfaces have; a resolver behind the default route would be cut off as well. */
async function ofThisHost({ host }: Setup, bridge: string): Promise<TakenRange[]> {
  const { code, output } = await host.run(['ip', '-json', '-4', 'route', 'show', 'table', 'all']);
  const found = code === 0 ? routes.parse(JSON.parse(output || '[]')) : [];
  const others = found.filter(({ dst, dev }) => dst !== 'default' && dev !== bridge);
  const resolvers = (host.read('/etc/resolv.conf') ?? '').matchAll(/^nameserver\s+(\S+)/gm);
  return [
    ...others.flatMap(({ dst, dev, gateway }) => named(dst, dev ?? 'a route', gateway === undefined)),
    ...[...resolvers].flatMap(([, address]) => named(address, 'the name server', false)),
  ];
}

/** What the daemon says of the interfaces of its machine: its routes are not to be had. */
async function ofInterfaces({ incus, signal }: Setup, networks: IncusObjects['networks']): Promise<TakenRange[]> {
  const states = await Promise.all(
    networks.map(async ({ name }) => {
      const found = await incus.find(`/1.0/networks/${encodeURIComponent(name)}/state`, networkState, signal);
      const addresses = (found?.value.addresses ?? []).filter(({ family }) => family === 'inet');
      return addresses.flatMap(({ address, netmask }) => named(`${address}/${netmask}`, name, true));
    }),
  );
  return states.flat();
}

function named(text: string | undefined, by: string, isLink: boolean): TakenRange[] {
  const range = text === undefined ? null : parseIpv4Range(text);
  return range === null ? [] : [{ ...range, by, isLink }];
}
