/** The parts of what Tidepool has in Incus: each can be looked at, made or put right, and taken away again. */
import { type IncusConfig, TidepoolError } from '@tidepool/core';
import type { z } from 'zod';
import type { HostNetworks } from '../../sandbox/host-networks.ts';
import type { Found, IncusClient } from '../client/incus-client.ts';
import { type AclRule, acl, network, profile, project } from '../client/replies.ts';
import { parseSubnet } from '../subnet.ts';
import { callersOf } from './callers.ts';
import { aclName, openings, ours, wantedDevices, wantedNetwork, wantedProject, wantedRules } from './wanted.ts';

export interface PartState {
  /** `foreign`: something of that name is there, and not ours. */
  readonly kind: 'right' | 'wrong' | 'missing' | 'foreign';
  /** What is not as it should be, such as `security.acls is "" instead of "tidepool0"`. */
  readonly wrong: readonly string[];
}

export interface IncusPart {
  readonly id: 'acl' | 'network' | 'project' | 'profile';
  /** As in `the bridge tidepool0`. */
  readonly title: string;
  /** Changes nothing. */
  look(signal: AbortSignal): Promise<PartState>;
  /** Makes it, or puts right what is wrong and leaves the rest of it. @throws `runtime_not_set_up` where it is foreign */
  ensure(signal: AbortSignal): Promise<void>;
  /** Takes it away where it is ours; it must be in no use. */
  remove(signal: AbortSignal): Promise<void>;
}

export interface PartsOptions {
  readonly config: IncusConfig;
  /** Address and prefix of a bridge that is yet to be made; one that is there keeps its own. */
  readonly subnet: string | null;
  /** Of the host that Incus runs on, now; null where that is another machine. */
  readonly networks: HostNetworks | null;
}

/** In the order in which they are made; they are removed in the other. */
export function incusParts(client: IncusClient, options: PartsOptions): readonly IncusPart[] {
  const { config, subnet } = options;
  const bridge = `/1.0/networks/${config.network}`;
  const rules = `/1.0/network-acls/${aclName(config.network)}`;
  const space = `/1.0/projects/${config.project}`;

  const gateway = async (signal: AbortSignal) => {
    const found = await client.find(bridge, network, signal);
    const own = parseSubnet(found?.value.config['ipv4.address'] ?? subnet ?? '');
    if (own !== null) return own.gateway;
    const detail = `Incus has no bridge ${config.network} with an IPv4 address.`;
    throw new TidepoolError('runtime_not_set_up', { detail });
  };

  const rulesNow = async (signal: AbortSignal) =>
    wantedRules(await callersOf(config.place, await gateway(signal), signal), options.networks);

  return [
    part(client, {
      id: 'acl',
      title: `the rules ${aclName(config.network)} of the bridge`,
      path: rules,
      schema: acl,
      label: ({ config: labels }) => labels,
      async differences({ egress, ingress }, signal) {
        const wanted = await rulesNow(signal);
        return [
          ...(sameRules(egress, wanted.egress) ? [] : ['its rules for what leaves a workspace are others']),
          ...(sameRules(ingress, wanted.ingress) ? [] : ['its rules for what reaches a workspace are others']),
        ];
      },
      async make(signal) {
        const wanted = await rulesNow(signal);
        const json = {
          name: aclName(config.network),
          description: 'The wall around workspaces of Tidepool',
          config: ours,
        };
        await client.change({ method: 'POST', path: '/1.0/network-acls', json: { ...json, ...wanted } }, signal);
      },
      async mend({ value, etag }, signal) {
        const json = { ...value, ...(await rulesNow(signal)) };
        await client.change({ method: 'PUT', path: rules, json, ifMatch: etag }, signal);
      },
    }),
    part(client, {
      id: 'network',
      title: `the bridge ${config.network}`,
      path: bridge,
      schema: network,
      label: ({ config: labels }) => labels,
      differences: async (found) => differences(found.config, wantedNetwork(config, null)),
      async make(signal) {
        if (subnet === null)
          throw new TidepoolError('runtime_not_set_up', { detail: `Incus has no bridge ${config.network}.` });
        const json = { name: config.network, type: 'bridge', description: 'Workspaces of Tidepool' };
        const whole = { ...json, config: wantedNetwork(config, subnet) };
        await client.change({ method: 'POST', path: '/1.0/networks', json: whole }, signal);
      },
      async mend({ etag }, signal) {
        const json = { config: wantedNetwork(config, null) };
        await client.change({ method: 'PATCH', path: bridge, json, ifMatch: etag }, signal);
      },
    }),
    part(client, {
      id: 'project',
      title: `the project ${config.project}`,
      path: space,
      schema: project,
      label: ({ config: labels }) => labels,
      differences: async (found) => differences(found.config, wantedProject),
      async make(signal) {
        const json = { name: config.project, description: 'Workspaces of Tidepool', config: wantedProject };
        await client.change({ method: 'POST', path: '/1.0/projects', json }, signal);
      },
      async mend({ value, etag }, signal) {
        const json = { ...value, config: { ...value.config, ...wantedProject } };
        await client.change({ method: 'PUT', path: space, json, ifMatch: etag }, signal);
      },
    }),
    profilePart(client, config),
  ];
}

/** The `default` profile comes with the project, and goes with it; in a project of the owner's it is the owner's too. */
function profilePart(client: IncusClient, config: IncusConfig): IncusPart {
  const path = `/1.0/profiles/default?project=${config.project}`;
  const title = `the profile default of the project ${config.project}`;
  const devices = wantedDevices(config);
  const look = async (signal: AbortSignal) => {
    const space = await client.find(`/1.0/projects/${config.project}`, project, signal);
    const isForeign = space !== null && !isLabelled(space.value.config);
    const found = await client.find(path, profile, signal);
    if (found === null || isForeign) return { found, isForeign, wrong: [] };
    const { value } = found;
    const { keys, cards } = openings(value);
    const wrong = [
      ...Object.entries(devices).flatMap(([name, wanted]) =>
        differences(value.devices[name] ?? {}, wanted).map((what) => `${name}: ${what}`),
      ),
      ...keys.map((key) => `${key} is "${value.config[key]}" instead of not set`),
      ...cards.map((name) => `${name} is another network card`),
    ];
    return { found, isForeign, wrong };
  };
  return {
    id: 'profile',
    title,
    async look(signal) {
      const { found, isForeign, wrong } = await look(signal);
      if (isForeign) return { kind: 'foreign', wrong: [] };
      if (found === null) return { kind: 'missing', wrong: [] };
      return { kind: wrong.length === 0 ? 'right' : 'wrong', wrong };
    },
    async ensure(signal) {
      const { found, isForeign, wrong } = await look(signal);
      if (isForeign) throw foreign(title);
      if (found === null)
        throw new TidepoolError('runtime_not_set_up', { detail: `Incus has no project ${config.project}.` });
      if (wrong.length === 0) return;
      const { keys, cards } = openings(found.value);
      const json = {
        ...found.value,
        config: without(found.value.config, keys),
        devices: { ...without(found.value.devices, cards), ...devices },
      };
      await client.change({ method: 'PUT', path, json, ifMatch: found.etag }, signal);
    },
    async remove() {},
  };
}

function without<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

interface PartOptions<Schema extends z.ZodType> {
  readonly id: IncusPart['id'];
  readonly title: string;
  readonly path: string;
  readonly schema: Schema;
  label(found: z.infer<Schema>): Readonly<Record<string, string>> | null;
  differences(found: z.infer<Schema>, signal: AbortSignal): Promise<string[]>;
  make(signal: AbortSignal): Promise<void>;
  mend(found: Found<z.infer<Schema>>, signal: AbortSignal): Promise<void>;
}

function part<Schema extends z.ZodType>(client: IncusClient, options: PartOptions<Schema>): IncusPart {
  const { id, title, path, schema } = options;
  const isOurs = (found: z.infer<Schema>) => isLabelled(options.label(found) ?? {});
  const judge = async (found: Found<z.infer<Schema>> | null, signal: AbortSignal): Promise<PartState> => {
    if (found === null) return { kind: 'missing', wrong: [] };
    if (!isOurs(found.value)) return { kind: 'foreign', wrong: [] };
    const wrong = await options.differences(found.value, signal);
    return { kind: wrong.length === 0 ? 'right' : 'wrong', wrong };
  };
  return {
    id,
    title,
    look: async (signal) => judge(await client.find(path, schema, signal), signal),
    async ensure(signal) {
      const found = await client.find(path, schema, signal);
      const { kind } = await judge(found, signal);
      if (kind === 'foreign') throw foreign(title);
      if (found === null) await options.make(signal);
      else if (kind === 'wrong') await options.mend(found, signal);
    },
    async remove(signal) {
      const found = await client.find(path, schema, signal);
      if (found !== null && isOurs(found.value)) await client.change({ method: 'DELETE', path }, signal);
    },
  };
}

function isLabelled(config: Readonly<Record<string, string>>): boolean {
  return differences(config, ours).length === 0;
}

function foreign(title: string): TidepoolError {
  return new TidepoolError('runtime_not_set_up', {
    detail: `Incus has something where ${title} belongs that is not of Tidepool.`,
    fix: 'Rename or remove it, or choose other names with TIDEPOOL_INCUS_PROJECT and TIDEPOOL_INCUS_NETWORK.',
  });
}

function differences(found: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted)
    .filter(([key, value]) => found[key] !== value)
    .map(([key, value]) => `${key} is "${found[key] ?? ''}" instead of "${value}"`);
}

/** Incus keeps their order; descriptions say nothing about what they let through. */
function sameRules(found: readonly AclRule[] | null, wanted: readonly AclRule[]): boolean {
  const essence = (rules: readonly AclRule[]) =>
    JSON.stringify(rules.map(({ description: _, ...rule }) => Object.entries(rule).sort()));
  return essence(found ?? []) === essence(wanted);
}
