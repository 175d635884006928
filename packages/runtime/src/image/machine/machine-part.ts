/**
 * Builds a workspace's machine as one file, `IMAGES/workspace-<version>.incus.tar.zst`: an image as Incus takes it, its
 * metadata and its files in one archive. https://linuxcontainers.org/incus/docs/main/reference/image_format/
 */
import { access, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runBuildCommand } from '../build-command.ts';
import type { BuildPart, StageContext } from '../build-parts.ts';
import { imageName, readRecipe } from '../recipe.ts';
import { readTree } from '../tree/image-tree.ts';
import { measureTree } from '../tree/prune-tree.ts';
import { treeVersion } from '../tree/tree-version.ts';
import { type Composition, composeMachine } from './compose-machine.ts';
import { installSystem, type SystemOrigin, systemSteps } from './install-system.ts';
import { readManifest, writeManifest } from './machine-manifest.ts';

/** MiB: the system unpacked, beside the archive of it. */
const neededMiB = 2048;

export interface MachineInputs {
  readonly imagesDirectory: string;
  /** What takes the place of `images/`. */
  readonly source: string;
  readonly version: string;
  readonly origin: SystemOrigin;
}

export function machineArchive(imagesDirectory: string, version: string): string {
  return join(imagesDirectory, `${imageName}-${version}.incus.tar.zst`);
}

export async function hasMachineArchive(imagesDirectory: string, version: string): Promise<boolean> {
  return access(machineArchive(imagesDirectory, version)).then(
    () => true,
    () => false,
  );
}

/** The tree must be there when it runs. */
export function machinePart(building: string, inputs: MachineInputs): BuildPart {
  const { imagesDirectory, source, version, origin } = inputs;
  const staging = join(building, `machine-${version}`);
  const image = join(staging, 'image');
  const rootfs = join(image, 'rootfs');
  const archive = join(staging, 'image.tar.zst');
  return {
    staging,
    neededMiB,
    resumes: true,
    stages: [
      {
        name: 'system',
        title: `Installing the system (${origin.distribution} ${origin.release})`,
        seconds: 40,
        milestones: systemSteps,
        run: (context) => installSystem(rootfs, readRecipe(source).system, origin, context),
      },
      {
        name: 'compose',
        title: 'Adding the editor to the system',
        seconds: 6,
        run: async (context) => compose(await composition(inputs, rootfs), version, context),
      },
      { name: 'pack', title: 'Packing the image', seconds: 14, run: (context) => pack(image, archive, context) },
    ],
    async publish() {
      await rename(archive, machineArchive(imagesDirectory, version));
      await rm(staging, { recursive: true, force: true });
    },
  };
}

async function composition(inputs: MachineInputs, rootfs: string): Promise<Composition> {
  const { imagesDirectory, source, origin } = inputs;
  const tree = await readTree(imagesDirectory, await treeVersion(source));
  if (tree === null) throw new Error('the tree of the image is not there');
  return { rootfs, source, tree, system: origin };
}

async function compose(whole: Composition, version: string, context: StageContext): Promise<void> {
  await composeMachine(whole, context);
  await writeManifest(whole, version, context);
}

async function pack(image: string, archive: string, context: StageContext): Promise<void> {
  await writeFile(join(image, 'metadata.yaml'), await metadata(join(image, 'rootfs')));
  const argv = [
    ...['tar', '--create', '--file', archive, '--use-compress-program', 'zstd -T0 -7 -q', '--directory', image],
    // Owners by number, capabilities of programs too; devices are made by whoever starts it.
    ...['--numeric-owner', '--xattrs', '--xattrs-include=*', '--sort=name', '--exclude', 'rootfs/dev/*'],
    ...['metadata.yaml', 'rootfs'],
  ];
  await runBuildCommand({ argv, cwd: context.staging, nodeDirectory: dirname(process.execPath) }, context);
}

/** Names of processors as Linux has them. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** JSON is YAML. */
async function metadata(rootfs: string): Promise<string> {
  const { version, tree, builtAt, arch, distribution, release } = await readManifest(rootfs);
  const { mib } = await measureTree(rootfs);
  return `${JSON.stringify({
    architecture: architectures[arch] ?? arch,
    creation_date: Math.floor(Date.parse(builtAt) / 1000),
    properties: {
      description: `Tidepool workspace ${version} (${distribution} ${release})`,
      os: distribution,
      release,
      'tidepool.name': imageName,
      'tidepool.version': version,
      'tidepool.tree': tree,
      'tidepool.built': builtAt,
      'tidepool.mib': String(mib),
    },
  })}\n`;
}
