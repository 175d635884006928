/** An instance of the same image on a bridge without rules: what it reaches, only the wall keeps from the others. */
import { incusReplies } from '@tidepool/runtime';
import { type Probed, probeInNetwork, type Target } from '../probe.ts';
import type { Incus } from './incus.ts';

export interface Unwalled {
  probe(targets: readonly Target[]): Promise<Probed>;
  close(): Promise<void>;
}

const name = 'unwalled';

/** @param like the name of an instance in Incus whose image and boot it takes */
export async function startUnwalled({ client, config, path }: Incus, like: string): Promise<Unwalled> {
  const signal = () => AbortSignal.timeout(60_000);
  const bridge = `tpf${process.pid}`;
  const subnet = `10.196.${process.pid % 250}`;
  const instance = path(`instances/${name}`);
  const close = async () => {
    const stop = { action: 'stop', force: true, timeout: 30 };
    const found = await client.find(instance, incusReplies.instance, signal());
    if (found !== null && found.value.status !== 'Stopped') {
      await client.change({ method: 'PUT', path: path(`instances/${name}/state`), json: stop }, signal());
    }
    if (found !== null) await client.change({ method: 'DELETE', path: instance }, signal());
    if ((await client.find(`/1.0/networks/${bridge}`, incusReplies.network, signal())) !== null) {
      await client.change({ method: 'DELETE', path: `/1.0/networks/${bridge}` }, signal());
    }
  };
  try {
    const network = { 'ipv4.address': `${subnet}.1/24`, 'ipv4.nat': 'true', 'ipv6.address': 'none' };
    const made = { name: bridge, type: 'bridge', config: network };
    await client.change({ method: 'POST', path: '/1.0/networks', json: made }, signal());
    const { value: model } = await client.read(path(`instances/${like}`), incusReplies.instance, signal());
    const environment = Object.entries(model.config).filter(([key]) => key.startsWith('environment.'));
    const json = {
      name,
      type: model.type,
      profiles: [],
      start: true,
      source: { type: 'image', fingerprint: model.config['volatile.base_image'] },
      config: {
        ...Object.fromEntries(environment),
        'raw.lxc': `lxc.net.0.ipv4.address = ${subnet}.2/24\nlxc.net.0.ipv4.gateway = ${subnet}.1`,
      },
      devices: {
        root: { type: 'disk', path: '/', pool: config.pool },
        eth0: { type: 'nic', name: 'eth0', network: bridge },
      },
    };
    await client.change({ method: 'POST', path: path('instances'), json }, signal());
    const { value: state } = await client.read(path(`instances/${name}/state`), incusReplies.instanceState, signal());
    return { close, probe: (targets) => probeInNetwork(state.pid, targets) };
  } catch (error) {
    await close();
    throw error;
  }
}
