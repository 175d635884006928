/**
 * Images in Tidepool's project of an Incus. One that has proved that it boots has the alias `workspace/<version>`, the one
 * for new workspaces `workspace` too; what has none is half-made, and bears the mark of whoever makes it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImageRecord, IncusConfig } from '@tidepool/core';
import { z } from 'zod';
import { untilInstanceIdle } from '../../incus/busy.ts';
import type { IncusClient } from '../../incus/client/incus-client.ts';
import { IncusError } from '../../incus/client/incus-error.ts';
import { alias, image, instance } from '../../incus/client/replies.ts';
import type { IncusHome } from '../../incus/incus-home.ts';
import { listIncusImages } from '../../incus/incus-images.ts';
import { aliasOf } from '../../incus/instance-type.ts';

const builderLabel = 'tidepool.builder';
/** Of an instance made for a trial: the builder whose it is. */
export const trialLabel = `user.${builderLabel}`;

export interface ImageStore {
  /** Below `/1.0`, in our project. */
  path(what: string, query?: string): string;
  /** Configuration by which an instance made for a trial is known as ours. */
  readonly mark: Readonly<Record<string, string>>;
  /** The fingerprint of the proved image; null where there is none. */
  find(version: string, signal: AbortSignal): Promise<string | null>;
  /** The fingerprint of the image of new workspaces. */
  current(signal: AbortSignal): Promise<string | null>;
  /** Takes an archive in, not proved yet; gives its fingerprint. */
  upload(archive: string, signal: AbortSignal): Promise<string>;
  /** Makes a proved image that of its version. One that was first stays. */
  approve(version: string, fingerprint: string, signal: AbortSignal): Promise<void>;
  /** Makes a proved image that of new workspaces. */
  setCurrent(fingerprint: string, signal: AbortSignal): Promise<void>;
  /** All that are proved. */
  list(signal: AbortSignal): Promise<readonly ImageRecord[]>;
  /** Instances made of a version, or of a tree, whoever's they are: what their workspaces are called, or their own names. */
  usedBy(version: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Takes a version away with its aliases; gives the tree that no image has any more, where there is one. */
  remove(version: string, signal: AbortSignal): Promise<string | null>;
  /** Takes away instances made for a trial. */
  removeTrials(signal: AbortSignal): Promise<void>;
  /** Takes away what builds of ours left half-made: theirs are dead, since we hold their lock. */
  clearLeftovers(signal: AbortSignal): Promise<void>;
}

export function openImageStore(client: IncusClient, config: IncusConfig, imagesDirectory: string): ImageStore {
  const builder = createHash('sha256').update(`${hostname()}\0${imagesDirectory}`).digest('hex').slice(0, 12);
  const path = (what: string, query = '') => `/1.0/${what}?project=${config.project}${query === '' ? '' : `&${query}`}`;
  const aliasPath = (name: string) => path(`images/aliases/${encodeURIComponent(name)}`);
  const mark = { [trialLabel]: builder };

  const target = async (name: string, signal: AbortSignal) =>
    (await client.find(aliasPath(name), alias, signal))?.value.target ?? null;
  const find: ImageStore['find'] = (version, signal) => target(aliasOf('container', version), signal);

  const removeTrials: ImageStore['removeTrials'] = async (signal) => {
    const instances = await client.read(path('instances', 'recursion=1'), z.array(instance), signal);
    for (const { name, config: labels } of instances.value) {
      if (labels[trialLabel] === builder) await removeInstance({ client, path }, name, signal);
    }
  };

  const upload = async (archive: string, signal: AbortSignal) => {
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String((await stat(archive)).size),
      'x-incus-filename': basename(archive),
      'x-incus-properties': new URLSearchParams({ [builderLabel]: builder }).toString(),
    };
    const whole = { stream: createReadStream(archive), headers };
    const said = await client.change({ method: 'POST', path: path('images'), upload: whole }, signal);
    return z.object({ fingerprint: z.string() }).parse(said).fingerprint;
  };

  const clearImages = async (signal: AbortSignal) => {
    const images = await client.read(path('images', 'recursion=1'), z.array(image), signal);
    for (const { fingerprint, properties, aliases } of images.value) {
      if (properties?.[builderLabel] !== builder || (aliases ?? []).length > 0) continue;
      await tolerateMissing(client.change({ method: 'DELETE', path: path(`images/${fingerprint}`) }, signal));
    }
  };

  return {
    path,
    mark,
    find,
    current: (signal) => target(aliasOf('container'), signal),

    async upload(archive, signal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await upload(archive, signal);
        } catch (error) {
          // Incus goes on with what a build has sent that was killed right behind it.
          const twice = error instanceof IncusError && /same fingerprint already exists/i.test(error.message);
          if (!twice || attempt === mostAttempts) throw error;
          await clearImages(signal);
          await pause(500, undefined, { signal });
        }
      }
    },

    async approve(version, fingerprint, signal) {
      const json = { name: aliasOf('container', version), description: '', target: fingerprint };
      try {
        await client.change({ method: 'POST', path: path('images/aliases'), json }, signal);
      } catch (error) {
        const taken = error instanceof IncusError && (await find(version, signal)) !== null;
        if (!taken) throw error;
      }
    },

    async setCurrent(fingerprint, signal) {
      const name = aliasOf('container');
      const found = await target(name, signal);
      if (found === fingerprint) return;
      const json = { name, description: 'For new workspaces', target: fingerprint };
      if (found === null) await client.change({ method: 'POST', path: path('images/aliases'), json }, signal);
      else await client.change({ method: 'PUT', path: aliasPath(name), json }, signal);
    },

    list: (signal) => listIncusImages({ client, path }, signal),

    async usedBy(version, signal) {
      const instances = await client.read(path('instances', 'recursion=1'), z.array(instance), signal);
      const made = instances.value.filter(
        ({ config: labels }) =>
          labels['image.tidepool.version'] === version || labels['image.tidepool.tree'] === version,
      );
      return made
        .filter(({ config: labels }) => labels[trialLabel] === undefined)
        .map(({ name, config: labels }) => labels['user.tidepool.name'] ?? name);
    },

    async remove(version, signal) {
      const fingerprint = await find(version, signal);
      if (fingerprint === null) return null;
      const before = await client.read(path('images', 'recursion=1'), z.array(image), signal);
      // Its aliases go with it.
      await tolerateMissing(client.change({ method: 'DELETE', path: path(`images/${fingerprint}`) }, signal));
      const tree = before.value.find((each) => each.fingerprint === fingerprint)?.properties?.['tidepool.tree'];
      const others = before.value.filter((each) => each.fingerprint !== fingerprint);
      return tree === undefined || others.some(({ properties }) => properties?.['tidepool.tree'] === tree)
        ? null
        : tree;
    },

    removeTrials,

    async clearLeftovers(signal) {
      await removeTrials(signal);
      await clearImages(signal);
    },
  };
}

/** Each meets something that a build which was killed still has under way in Incus. */
const mostAttempts = 20;

/** By force: nobody has ever worked in it. */
async function removeInstance(
  place: Pick<IncusHome, 'client' | 'path'>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { client, path } = place;
  for (let attempt = 1; ; attempt += 1) {
    const found = await client.find(path(`instances/${name}`), instance, signal);
    if (found === null) return;
    try {
      if (found.value.status !== 'Stopped') {
        const json = { action: 'stop', force: true, timeout: 30 };
        await client.change({ method: 'PUT', path: path(`instances/${name}/state`), json }, signal);
      }
      return await tolerateMissing(client.change({ method: 'DELETE', path: path(`instances/${name}`) }, signal));
    } catch (error) {
      // It is only being made, or ended by itself meanwhile.
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw error;
      await untilInstanceIdle(place, name, signal);
      await pause(100, undefined, { signal });
    }
  }
}

async function tolerateMissing(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof IncusError && error.status === 404)) throw error;
  }
}
