/**
 * Fences of removed instances, so that a worker that was suspended while it made one does not bring it back: keys of our
 * project, changed by `If-Match` like everything that is raised.
 */
import type { Operation } from '../runtime.ts';
import { isChanged, refuseLower } from './amend.ts';
import { project } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';

const prefix = 'user.tidepool.removed.';
/** Only a worker that sleeps while so many others are removed could still bring one back; reconcile finds that. */
const most = 500;

/** @throws `fence_lost` where a higher fence has removed it */
export async function refuseRemoved(home: IncusHome, id: string, { fence, signal }: Operation): Promise<void> {
  const { value } = await home.client.read(`/1.0/projects/${home.options.config.project}`, project, signal);
  refuseLower(fence, fenceIn(value.config[`${prefix}${id}`]));
}

/** Notes that `fence` removes it. @throws `fence_lost` */
export async function bury(home: IncusHome, id: string, { fence, signal }: Operation): Promise<void> {
  const path = `/1.0/projects/${home.options.config.project}`;
  const key = `${prefix}${id}`;
  for (;;) {
    const { value, etag } = await home.client.read(path, project, signal);
    const seen = value.config[key];
    refuseLower(fence, fenceIn(seen));
    if (fenceIn(seen) === fence) return;
    const config = { ...withoutOldest(value.config), [key]: `${fence} ${new Date().toISOString()}` };
    try {
      await home.client.change({ method: 'PUT', path, json: { ...value, config }, ifMatch: etag }, signal);
      return;
    } catch (error) {
      if (!isChanged(error)) throw error;
    }
  }
}

/** `<fence> <time>` */
function fenceIn(entry: string | undefined): number {
  return Number(entry?.split(' ')[0] ?? 0);
}

function withoutOldest(config: Readonly<Record<string, string>>): Record<string, string> {
  const removed = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const oldest = removed
    .sort(([, one], [, other]) => (one.split(' ')[1] ?? '').localeCompare(other.split(' ')[1] ?? ''))
    .slice(0, Math.max(0, removed.length - most + 1));
  const dropped = new Set(oldest.map(([key]) => key));
  return Object.fromEntries(Object.entries(config).filter(([key]) => !dropped.has(key)));
}
