/** Whether new instances are virtual machines or system containers: what the server can, what there is an image for, what is insisted on. */
import { type IncusConfig, isOlder, TidepoolError } from '@tidepool/core';
import type { IncusClient } from './client/incus-client.ts';
import { formatPlace, oldestVersion } from './client/incus-error.ts';
import { alias, server } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';
import type { InstanceType } from './instance-config.ts';

export interface IncusServer {
  readonly version: string;
  readonly canRunMachines: boolean;
}

/** @throws `runtime_too_old`, `runtime_forbidden`, and as the client does */
export async function readServer(client: IncusClient, signal: AbortSignal): Promise<IncusServer> {
  const { environment } = (await client.read('/1.0', server, signal)).value;
  const at = formatPlace(client.place);
  if (environment === undefined) {
    const detail = `Incus at ${at} does not trust this client.`;
    const fix =
      'Add the certificate on its host with `incus config trust add-certificate`, then retry. See docs/incus.md.';
    throw new TidepoolError('runtime_forbidden', { detail, fix });
  }
  const { driver, server_version: version } = environment;
  if (isOlder(version, oldestVersion)) {
    const detail = `Incus at ${at} is ${version}; ${oldestVersion} is the oldest that Tidepool works with.`;
    throw new TidepoolError('runtime_too_old', { detail });
  }
  return { version, canRunMachines: canRunMachines(driver) };
}

/** @param driver as Incus says it: `lxc` or `lxc | qemu` */
export function canRunMachines(driver: string): boolean {
  return driver.split('|').some((each) => each.trim() === 'qemu');
}

/** `canRun`, `hasImage`: of virtual machines. @throws `runtime_type_unavailable` */
export function chooseType(type: IncusConfig['type'], canRun: boolean, hasImage: boolean): InstanceType {
  if (type === 'container') return type;
  if (type === 'auto') return canRun && hasImage ? 'virtual-machine' : 'container';
  if (canRun && hasImage) return type;
  const [detail, fix] = canRun
    ? [
        'There is no workspace image for virtual machines.',
        'Leave TIDEPOOL_INCUS_TYPE out: system containers have an image. Or bring one, see docs/images.md.',
      ]
    : [
        'Incus cannot run virtual machines here: it needs KVM, the vhost_vsock device and qemu.',
        'Leave TIDEPOOL_INCUS_TYPE out, or give the host what is missing and start the Incus daemon anew.',
      ];
  throw new TidepoolError('runtime_type_unavailable', { detail, fix });
}

/** The alias of an image that has proved that it boots; without a version that of new workspaces. */
export function aliasOf(type: InstanceType, version?: string): string {
  const name = type === 'container' ? 'workspace' : 'workspace-vm';
  return version === undefined ? name : `${name}/${version}`;
}

export async function findAlias(home: IncusHome, name: string, signal: AbortSignal): Promise<string | null> {
  const found = await home.client.find(home.path(`images/aliases/${encodeURIComponent(name)}`), alias, signal);
  return found?.value.target ?? null;
}
