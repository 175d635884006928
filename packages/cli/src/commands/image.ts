/** `tidepool image build | ls | rm`: what workspaces are made of, by hand. */
import { type Config, defaultImageName, type ImageRecord, imageReference, TidepoolError } from '@tidepool/core';
import { chooseRuntime } from '@tidepool/runtime';
import Table from 'cli-table3';
import { pino } from 'pino';
import { makeHome } from '../home/home.ts';
import { buildImage } from '../images/build-image.ts';
import { asImageRuntime, type ImageRuntime, type ImageTarget, openImageTarget } from '../images/image-target.ts';
import { workspacesByImage } from '../images/workspaces-by-image.ts';
import { imageChecks, makeHostReady } from '../preflight/index.ts';
import { realHost } from '../preflight/real-host.ts';
import type { Terminal } from './environment.ts';
import { refuseUnready } from './findings.ts';

export interface ImageCommand {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null: the runtime that this home has. */
  readonly runtime: ImageRuntime | null;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Milliseconds to find out which runtime a home has. */
const patience = 10_000;

/** @returns the exit code, as the others do. @throws TidepoolError `image_not_found` for a name that is none, `image_failed`, `disk_full`, and as the runtime does */
export async function imageBuild(command: ImageCommand, name: string): Promise<number> {
  const { config, env, terminal, signal } = command;
  if (name !== defaultImageName) throw unknown(name);
  return withTarget(command, async (target) => {
    const missing = await target.missing(signal);
    makeHome(config, process.getuid?.() === 0);
    if (missing !== null) {
      const here = { ...config, runtime: target.runtime };
      refuseUnready(await makeHostReady(here, { toBuild: missing, checks: imageChecks, say: terminal.say, signal }));
    }
    const version = await buildImage(target, missing ?? [], { env, terminal, signal, log: pino({ level: 'silent' }) });
    const reference = imageReference({ name, version });
    if (missing === null) terminal.say(`${reference} is built already; new workspaces are made from it.`);
    else terminal.say(`${reference} is built and tried; new workspaces are made from it.`);
  });
}

export interface ListedImage extends ImageRecord {
  readonly reference: string;
  /** Names; null where nobody can tell, because Tidepool does not run. */
  readonly workspaces: readonly string[] | null;
}

export async function imageList(command: ImageCommand, json: boolean): Promise<number> {
  const { config, terminal, signal } = command;
  return withTarget(command, async (target) => {
    const users = await workspacesByImage(config, signal);
    const images = (await target.list(signal)).map((image): ListedImage => {
      const reference = imageReference(image);
      return { ...image, reference, workspaces: users === null ? null : (users.get(reference) ?? []) };
    });
    if (json) return terminal.say(JSON.stringify(images, null, 2));
    if (images.length === 0) return terminal.say('No image is built yet. `tidepool image build` builds one.');
    terminal.say(imageTable(images));
    if (users === null) terminal.say('Tidepool does not run, so nobody can tell which workspaces have which.');
  });
}

/** @throws TidepoolError `image_not_found`; `image_in_use`; `not_ready` where Tidepool does not run */
export async function imageRemove(command: ImageCommand, reference: string, force: boolean): Promise<number> {
  const { config, terminal, signal } = command;
  return withTarget(command, async (target) => {
    const image = (await target.list(signal)).find((each) => imageReference(each) === reference);
    if (image === undefined) throw unknown(reference);
    const users = await workspacesByImage(config, signal);
    if (users === null) {
      throw new TidepoolError('not_ready', {
        detail: 'Only the running Tidepool knows which workspaces are made of this image.',
        fix: 'Start it with `npm start`, then remove the image.',
      });
    }
    const found = [...(users.get(reference) ?? []), ...(await target.usedBy(image.version, signal))];
    const names = [...new Set(found)].sort();
    if (names.length > 0) {
      throw new TidepoolError('image_in_use', { detail: `Workspaces made of ${reference}: ${names.join(', ')}.` });
    }
    if (image.current && !force) {
      throw new TidepoolError('image_in_use', {
        detail: `${reference} is what new workspaces are made from; without it none can be made.`,
        fix: 'Build a newer one first. To build the same one anew, remove it with --force and run `tidepool image build`.',
      });
    }
    await target.remove(image.version, signal);
    terminal.say(`${reference} is removed.`);
  });
}

async function withTarget(
  { config, runtime, terminal, signal }: ImageCommand,
  work: (target: ImageTarget) => Promise<void>,
): Promise<number> {
  const target = openImageTarget(config, runtime ?? (await ownRuntime(config, signal)), realHost);
  try {
    await work(target);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.complain('Interrupted.');
    return 130;
  } finally {
    await target.close();
  }
}

async function ownRuntime(config: Config, signal: AbortSignal): Promise<ImageRuntime> {
  const { kind } = await chooseRuntime(config, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
  const known = asImageRuntime(kind);
  if (known !== null) return known;
  throw new TidepoolError('unsupported', {
    detail: `Images for the runtime ${kind} are not built by Tidepool.`,
    fix: 'Name one for which they are: --runtime incus, or --runtime sandbox.',
  });
}

function unknown(name: string): TidepoolError {
  return new TidepoolError('image_not_found', {
    detail: `There is no image "${name}".`,
    fix: 'See `tidepool image ls`; what can be built is called workspace.',
  });
}

function imageTable(images: readonly ListedImage[]): string {
  const table = new Table({
    head: ['image', 'size', 'built', '', 'workspaces'],
    style: { head: [], border: [] },
  });
  for (const { reference, sizeMiB, builtAt, current, workspaces } of images) {
    const size = sizeMiB === null ? '' : `${sizeMiB} MiB`;
    const users = workspaces === null ? '?' : workspaces.join('\n') || 'none';
    table.push([reference, size, builtAt.slice(0, 16).replace('T', ' '), current ? 'for new ones' : '', users]);
  }
  return table.toString();
}
