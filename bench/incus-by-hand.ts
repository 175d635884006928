/** An instance of Incus as one would make it by hand: like one of Tidepool's to the last key, by the bare calls. */
import { createIncusClient, type IncusClient, incusReplies } from '@tidepool/runtime';
import type { Tidepool } from '../e2e/tidepool.ts';
import { readConfig } from '../packages/cli/src/commands/environment.ts';

/** Workspaces of Incus without Tidepool. */
export interface BareIncus {
  /** Made and started. @returns where its editor is going to answer */
  create(name: string): Promise<string>;
  start(name: string): Promise<string>;
  stop(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface IncusByHand extends BareIncus {
  /** What Incus says that an instance takes, in MiB. */
  memoryMiB(instance: string): Promise<number>;
}

const deadline = () => AbortSignal.timeout(60_000);

export async function openIncusByHand({
  tidepool,
  id,
}: {
  readonly tidepool: Tidepool;
  readonly id: string;
}): Promise<IncusByHand> {
  const { incus } = readConfig({ ...process.env, ...tidepool.env });
  const client = createIncusClient(incus.place);
  const path = (what: string) => `/1.0/instances${what}?project=${incus.project}`;
  const { value: model } = await client.read(path(`/tp-${id}`), incusReplies.instance, deadline());
  const made = new Set<string>();
  const change = (name: string, json: object) =>
    client.change({ method: 'PUT', path: path(`/${name}/state`), json }, deadline());
  const byHand = (name: string) => `by-hand-${name}`;
  const address = neighbour(model.devices.eth0?.['ipv4.address'] ?? '');
  const page = `http://${address}:8080/`;

  const start = async (name: string) => {
    await change(byHand(name), { action: 'start' });
    return page;
  };
  const stop = async (name: string) => {
    await change(byHand(name), { action: 'stop', timeout: 10 });
  };
  const remove = async (name: string) => {
    // One that is stopped already refuses this; one that still runs refuses to be deleted.
    await change(byHand(name), { action: 'stop', force: true, timeout: 10 }).catch(() => undefined);
    await client.change({ method: 'DELETE', path: path(`/${byHand(name)}`) }, deadline());
    made.delete(name);
  };
  return {
    start,
    stop,
    remove,
    async create(name) {
      made.add(name);
      const json = likeModel(model, { name: byHand(name), address, home: tidepool.home });
      await client.change({ method: 'POST', path: path(''), json }, deadline());
      return start(name);
    },
    memoryMiB: (instance) => memoryOf(client, path(`/${instance}/state`)),
    async close() {
      for (const name of made) await remove(name);
      await client.close();
    },
  };
}

type Model = Awaited<ReturnType<typeof modelOf>>;
const modelOf = async (client: IncusClient, path: string) =>
  (await client.read(path, incusReplies.instance, deadline())).value;

/** But for its name, its address and its log, and without the labels by which Tidepool would know it as its own. */
function likeModel(model: Model, own: { readonly name: string; readonly address: string; readonly home: string }) {
  const kept = Object.entries(model.config).filter(([key]) => !/^(volatile|image|user)\./.test(key));
  const had = model.devices.eth0?.['ipv4.address'] ?? '';
  const replaced = (text: string) =>
    text.replaceAll(had, own.address).replace(/^(lxc\.console\.logfile = ).*$/m, `$1${own.home}/${own.name}.log`);
  return {
    name: own.name,
    type: model.type,
    source: { type: 'image', fingerprint: model.config['volatile.base_image'] },
    config: Object.fromEntries(kept.map(([key, value]) => [key, key === 'raw.lxc' ? replaced(value) : value])),
    devices: { ...model.devices, eth0: { ...model.devices.eth0, 'ipv4.address': own.address } },
  };
}

async function memoryOf(client: IncusClient, path: string): Promise<number> {
  const { value } = await client.read(path, incusReplies.instanceState, deadline());
  return Math.round(value.memory.usage / 2 ** 20);
}

/** In the same subnet; nobody else is on this bridge while it is measured. */
function neighbour(address: string): string {
  const parts = address.split('.');
  const last = Number(parts[3]);
  return [...parts.slice(0, 3), String(last > 200 ? last - 1 : last + 1)].join('.');
}
