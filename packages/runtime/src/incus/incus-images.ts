/** The images in our project that have proved that they boot: those with an alias for their version. */
import type { ImageRecord } from '@tidepool/core';
import { z } from 'zod';
import type { IncusClient } from './client/incus-client.ts';
import { type IncusImage, image } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';
import type { InstanceType } from './instance-config.ts';
import { aliasOf } from './instance-type.ts';

export async function listIncusImages(
  home: Pick<IncusHome, 'client' | 'path'>,
  signal: AbortSignal,
): Promise<readonly ImageRecord[]> {
  const { value } = await home.client.read(home.path('images', 'recursion=1'), z.array(image), signal);
  const records = value.flatMap((found) => recordOf(found) ?? []);
  // A version may be there as both types.
  return [...new Map(records.map((record) => [record.version, record])).values()];
}

export async function hasMachineImage(client: IncusClient, project: string, signal: AbortSignal): Promise<boolean> {
  const path = `/1.0/images?project=${project}&recursion=1`;
  const { value } = await client.read(path, z.array(image), signal);
  return value.some((found) => found.type === 'virtual-machine' && recordOf(found) !== null);
}

function recordOf({ type, size, properties, aliases }: IncusImage): ImageRecord | null {
  const kind: InstanceType = type === 'virtual-machine' ? type : 'container';
  const names = (aliases ?? []).map(({ name }) => name);
  const prefix = `${aliasOf(kind)}/`;
  const version = names.find((name) => name.startsWith(prefix))?.slice(prefix.length);
  const builtAt = z.iso.datetime().safeParse(properties?.['tidepool.built']);
  if (version === undefined || !builtAt.success) return null;
  const mib = Number(properties?.['tidepool.mib'] ?? Number.NaN);
  return {
    name: 'workspace',
    version,
    builtAt: new Date(builtAt.data).toISOString(),
    sizeMiB: Math.round(Number.isFinite(mib) ? mib : size / 2 ** 20),
    current: names.includes(aliasOf(kind)),
  };
}
