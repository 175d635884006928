/** Addresses of instances on our bridge: each has one of its own, chosen here and kept in its network card. */
import { createHash } from 'node:crypto';
import { type IncusConfig, parseIpv4Range, rangesOverlap, TidepoolError } from '@tidepool/core';
import type { IncusClient } from './client/incus-client.ts';
import { IncusError } from './client/incus-error.ts';
import { type IncusInstance, network } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';
import { addressAt, parseSubnet, type Subnet } from './subnet.ts';

/** As it is now: an owner may give it another one. @throws `runtime_not_set_up` */
export async function bridgeSubnet(
  client: IncusClient,
  { network: name }: IncusConfig,
  signal: AbortSignal,
): Promise<Subnet> {
  const found = await client.find(`/1.0/networks/${name}`, network, signal);
  const subnet = parseSubnet(found?.value.config['ipv4.address'] ?? '');
  if (subnet !== null) return subnet;
  throw new TidepoolError('runtime_not_set_up', { detail: `Incus has no bridge ${name} with an IPv4 address.` });
}

/** The same as `home` knows it. Where it is another since, Incus refuses the address, and one from there is taken. */
export function knownSubnet({ client, options, recallSubnet }: IncusHome, signal: AbortSignal): Promise<Subnet> {
  const { config } = options;
  return recallSubnet(config.network, () => bridgeSubnet(client, config, signal));
}

/** The address of its network card, where that has one of its own. */
export function addressOf({ devices }: IncusInstance): string | null {
  return devices.eth0?.['ipv4.address'] ?? null;
}

/** The address that it has, where the bridge still has that one, else another. */
export function addressWithin(subnet: Subnet, found: IncusInstance, id: string): string {
  const own = addressOf(found);
  const range = parseIpv4Range(own ?? '');
  const stays = range !== null && own !== subnet.gateway && rangesOverlap(range, subnet);
  return own !== null && stays ? own : firstAddress(subnet, id);
}

/** Spread over the subnet by the id, so that instances made at once seldom want the same; who starts later moves. */
export function firstAddress(subnet: Subnet, id: string): string {
  return addressAt(subnet, createHash('sha256').update(id).digest().readUInt32BE());
}

/** Another instance has it. */
export function isAddressTaken(error: unknown): boolean {
  return error instanceof IncusError && /IP address .* already (defined|in use)/i.test(error.message);
}

/** The bridge has another range since: Incus refuses every change of the instance until it has an address there. */
export function isAddressOutside(error: unknown): boolean {
  return error instanceof IncusError && /IP address .* not within network/i.test(error.message);
}
