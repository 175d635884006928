/** What is in a workspace's machine, to the version: `/usr/lib/tidepool/manifest.json` inside. */
import { chmod, glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runBuildCommand } from '../build-command.ts';
import type { StageContext } from '../build-parts.ts';
import { imageName } from '../recipe.ts';
import { bootDirectory, type Composition } from './compose-machine.ts';

const machineManifest = z.strictObject({
  name: z.literal(imageName),
  /** The content hash of what it was made from. */
  version: z.string(),
  /** Of the tree in it. */
  tree: z.string(),
  builtAt: z.iso.datetime(),
  arch: z.string(),
  distribution: z.string(),
  release: z.string(),
  node: z.string(),
  codeServer: z.string(),
  /** `name version`, sorted. */
  packages: z.strictObject({ system: z.array(z.string()), npm: z.array(z.string()) }),
});
type MachineManifest = z.infer<typeof machineManifest>;

function manifestFile(rootfs: string): string {
  return join(rootfs, bootDirectory, 'manifest.json');
}

/** @throws CommandFailed */
export async function writeManifest(
  { rootfs, tree, system }: Composition,
  version: string,
  context: StageContext,
): Promise<void> {
  const manifest: MachineManifest = {
    name: imageName,
    version,
    tree: tree.version,
    builtAt: new Date().toISOString(),
    arch: process.arch,
    distribution: system.distribution,
    release: system.release,
    node: tree.node,
    codeServer: tree.codeServer,
    packages: { system: await systemPackages(rootfs, context), npm: await npmPackages(tree.directory) },
  };
  const file = manifestFile(rootfs);
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
  await chmod(file, 0o644);
}

export async function readManifest(rootfs: string): Promise<MachineManifest> {
  return machineManifest.parse(JSON.parse(await readFile(manifestFile(rootfs), 'utf8')));
}

async function systemPackages(rootfs: string, context: StageContext): Promise<string[]> {
  const lines: string[] = [];
  const argv = ['chroot', rootfs, 'dpkg-query', '--show'];
  const onLine = (line: string) => void lines.push(line.replace('\t', ' '));
  await runBuildCommand({ argv, cwd: context.staging, nodeDirectory: dirname(process.execPath), onLine }, context);
  return lines.sort();
}

const named = z.object({ name: z.string(), version: z.string() });

/** All that npm has brought, wherever it lies; each version once. */
async function npmPackages(tree: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const file of glob('lib/node_modules/{,**/node_modules/}{[!@]*,@*/*}/package.json', { cwd: tree })) {
    const parsed = named.safeParse(JSON.parse(await readFile(join(tree, file), 'utf8')));
    if (parsed.success) found.add(`${parsed.data.name} ${parsed.data.version}`);
  }
  return [...found].sort();
}
