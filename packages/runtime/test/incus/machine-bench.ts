/**
 * Builds of machines in a project of their own, with the tree and the system that the run's image was made of: a stand-in
 * for mmdebstrap unpacks the latter, and one for zstd packs in a hurry, so that a build takes half a minute and asks no archive.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { endBuildLeftovers } from '../../src/image/build-leftovers.ts';
import { imageSource, type MachinePlace } from '../../src/image/index.ts';
import { createIncusClient, type IncusClient } from '../../src/incus/client/incus-client.ts';
import { image, instance } from '../../src/incus/client/replies.ts';
import { incusParts } from '../../src/incus/surroundings/parts.ts';
import { incusTestConfig, signal } from './incus-harness.ts';

export interface Build {
  readonly child: ChildProcess;
  /** Resolves when the stage begins. */
  reaches(stage: string): Promise<void>;
  /** Its version; rejects with what it wrote. */
  readonly ended: Promise<string>;
}

export interface MachineBench {
  readonly place: MachinePlace;
  /** What takes the place of `images/`; a test may change it. */
  readonly source: string;
  readonly imagesDirectory: string;
  build(): Build;
  /** Fingerprints and aliases of the images, names of the instances, directories of builds: what is there. */
  look(): Promise<{ images: Record<string, string[]>; instances: string[]; building: string[] }>;
  /** Stopped, made of a version, with the label of a workspace of that name. */
  createInstance(name: string, version: string): Promise<void>;
  close(): Promise<void>;
}

export async function openMachineBench(): Promise<MachineBench> {
  const { incus, images } = incusTestConfig();
  const root = mkdtempSync('/var/tmp/tidepool-machine-');
  const project = `tp-machine-${process.pid}`;
  const client = createIncusClient(incus.place);
  const config = { ...incus, project };
  for (const part of incusParts(client, { config, subnet: null, networks: null })) {
    if (part.id === 'project' || part.id === 'profile') await part.ensure(signal);
  }
  const imagesDirectory = join(root, 'images');
  mkdirSync(imagesDirectory);
  for (const name of readdirSync(images).filter((each) => /^workspace-[0-9a-f]{12}$/.test(each))) {
    symlinkSync(join(images, name), join(imagesDirectory, name));
  }
  const archive = readdirSync(images).find((name) => name.endsWith('.incus.tar.zst'));
  if (archive === undefined) throw new Error(`${images} has no archive of a machine: run this by npm run test:incus`);
  cpSync(imageSource, join(root, 'source'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/mmdebstrap'), standIn(join(images, archive)), { mode: 0o755 });
  writeFileSync(join(root, 'bin/zstd'), hastyZstd, { mode: 0o755 });
  const children: ChildProcess[] = [];
  const path = (what: string) => `/1.0/${what}?project=${project}&recursion=1`;

  return {
    place: { client, config, imagesDirectory, source: join(root, 'source'), signal },
    source: join(root, 'source'),
    imagesDirectory,
    build() {
      const script = fileURLToPath(new URL('machine-build-process.ts', import.meta.url));
      const options = JSON.stringify({ source: join(root, 'source'), imagesDirectory, project });
      const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` };
      const child = spawn(process.execPath, [script, options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      return follow(child);
    },
    async look() {
      const [found, instances] = await Promise.all([
        client.read(path('images'), z.array(image), signal),
        client.read(path('instances'), z.array(instance), signal),
      ]);
      return {
        images: Object.fromEntries(
          found.value.map(({ fingerprint, aliases }) => [fingerprint, (aliases ?? []).map(({ name }) => name).sort()]),
        ),
        instances: instances.value.map(({ name }) => name),
        building: readdirSync(join(imagesDirectory, '.building')),
      };
    },
    async createInstance(name, version) {
      const source = { type: 'image', alias: `workspace/${version}` };
      const json = { name: `of-${name}`, type: 'container', source, config: { 'user.tidepool.name': name } };
      await client.change({ method: 'POST', path: `/1.0/instances?project=${project}`, json }, signal);
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      const building = join(imagesDirectory, '.building');
      for (const name of readdirSync(building)) await endBuildLeftovers(join(building, name), signal);
      await clearProject(client, project);
      await client.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function standIn(archive: string): string {
  return `#!/bin/sh
# mmdebstrap OPTION… RELEASE DIRECTORY SOURCES
for word; do before=$directory; directory=$last; last=$word; done
echo 'I: extracting archives...' >&2
mkdir -p "$directory"
exec tar --extract --file ${archive} --directory "$(dirname "$directory")" --numeric-owner --xattrs --xattrs-include='*' rootfs
`;
}

/** The level is the last one named; packing takes a seventh of the processor's time. */
const hastyZstd = `#!/bin/sh
exec /usr/bin/zstd "$@" -1
`;

function follow(child: ChildProcess): Build {
  const seen: string[] = [];
  const lines: string[] = [];
  if (child.stderr === null || child.stdout === null) throw new Error('no pipes');
  const reader = createInterface({ input: child.stderr });
  reader.on('line', (line) => {
    lines.push(line);
    if (seen.at(-1) === line) return;
    seen.push(line);
    child.emit(`stage ${line}`);
  });
  const output = text(child.stdout);
  const ended = once(child, 'close').then(async ([code]) => {
    if (code !== 0) throw new Error(lines.slice(-30).join('\n'));
    return output;
  });
  // A build that is killed is waited for by nobody.
  ended.catch(() => {});
  return {
    child,
    ended,
    reaches: async (stage) => {
      if (!seen.includes(stage)) await Promise.race([once(child, `stage ${stage}`), ended.then(missed(stage))]);
    },
  };
}

function missed(stage: string): () => never {
  return () => {
    throw new Error(`the build ended without ${stage}`);
  };
}

async function clearProject(client: IncusClient, project: string): Promise<void> {
  const path = (what: string, query = '') => `/1.0/${what}?project=${project}${query}`;
  const instances = await client.read(path('instances', '&recursion=1'), z.array(instance), signal);
  for (const { name } of instances.value) {
    const json = { action: 'stop', force: true, timeout: 30 };
    await client.change({ method: 'PUT', path: path(`instances/${name}/state`), json }, signal).catch(() => {});
    await client.change({ method: 'DELETE', path: path(`instances/${name}`) }, signal);
  }
  const images = await client.read(path('images', '&recursion=1'), z.array(image), signal);
  for (const { fingerprint } of images.value) {
    await client.change({ method: 'DELETE', path: path(`images/${fingerprint}`) }, signal);
  }
  await client.change({ method: 'DELETE', path: `/1.0/projects/${project}` }, signal);
}
