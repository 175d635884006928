/** What makes a system a workspace's machine: the editor's tree, a user, the programs of its boot, and its own manifest. */
import { chmod, chown, copyFile, cp, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runBuildCommand } from '../build-command.ts';
import type { StageContext } from '../build-parts.ts';
import { type Archive, type Recipe, readRecipe } from '../recipe.ts';
import type { Tree } from '../tree/image-tree.ts';
import { treeSource } from '../tree/tree-version.ts';
import { type BaseSystem, machineSource, sharedScripts } from './machine-version.ts';

/** Where the programs of the boot stand, inside. Not in `/opt/tidepool`, over which a host may mount its own tree. */
export const bootDirectory = '/usr/lib/tidepool';

export interface Composition {
  readonly rootfs: string;
  /** What takes the place of `images/`. */
  readonly source: string;
  readonly tree: Tree;
  readonly system: BaseSystem;
}

/** Done again after a kill it ends in the same state. @throws CommandFailed */
export async function composeMachine(composition: Composition, context: StageContext): Promise<void> {
  const { rootfs, source, tree, system } = composition;
  const { user, system: description } = readRecipe(source);
  await copyTree(rootfs, tree.directory);
  await writeBoot(rootfs, source);
  await makeUser(rootfs, user, context);
  await writeSettings(rootfs, description.archives[system.distribution], system);
}

async function copyTree(rootfs: string, tree: string): Promise<void> {
  const place = join(rootfs, 'opt/tidepool');
  await rm(place, { recursive: true, force: true });
  await cp(await realpath(tree), place, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

async function writeBoot(rootfs: string, source: string): Promise<void> {
  const place = join(rootfs, bootDirectory);
  await mkdir(place, { recursive: true });
  const files = [join(machineSource(source), 'ports.nft'), join(treeSource(source), 'try.cjs'), ...sharedScripts];
  for (const file of files) await put(file, join(place, basename(file)), 0o644);
  await put(join(machineSource(source), 'init.sh'), join(place, 'init'), 0o755);
  const init = join(rootfs, 'usr/sbin/init');
  await rm(init, { force: true });
  await symlink(join(bootDirectory, 'init'), init);
}

/** The home is empty but for the project's folder: the first start brings what the tree has for it. */
async function makeUser(
  rootfs: string,
  { name, uid, home, shell }: Recipe['user'],
  context: StageContext,
): Promise<void> {
  const known = await readFile(join(rootfs, 'etc/passwd'), 'utf8');
  if (!known.includes(`\n${name}:`)) {
    const flags = ['--uid', String(uid), '--user-group', '--groups', 'sudo', '--home-dir', home, '--no-create-home'];
    const argv = ['chroot', rootfs, 'useradd', ...flags, '--shell', shell, name];
    await runBuildCommand({ argv, cwd: context.staging, nodeDirectory: dirname(process.execPath) }, context);
  }
  for (const directory of [home, join(home, 'project')]) {
    await mkdir(join(rootfs, directory), { recursive: true });
    await chmod(join(rootfs, directory), 0o755);
    await chown(join(rootfs, directory), uid, uid);
  }
}

async function writeSettings(rootfs: string, archive: Archive, { distribution, release }: BaseSystem): Promise<void> {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/tidepool/bin';
  const files: Readonly<Record<string, string>> = {
    // The one user is the owner, whose machine this is.
    'etc/sudoers.d/tidepool': `Defaults secure_path="${path}"\n%sudo ALL=(ALL:ALL) NOPASSWD: ALL\n`,
    'etc/hostname': 'workspace\n',
    // localhost is IPv4 alone, so that what listens on "localhost" is reached at 127.0.0.1.
    'etc/hosts': '127.0.0.1 localhost\n::1 ip6-localhost\n',
    'etc/machine-id': '',
    'etc/default/locale': 'LANG=C.UTF-8\n',
    [`etc/apt/sources.list.d/${distribution}.sources`]: formatSources(archive, release),
  };
  // The sources and options of the machine that built it. What a person installs later comes whole, its manual too.
  const ofBuilding = ['etc/apt/sources.list', 'etc/apt/apt.conf.d/99mmdebstrap', 'etc/dpkg/dpkg.cfg.d/99mmdebstrap'];
  for (const file of [...ofBuilding, 'etc/resolv.conf', 'etc/apt/sources.list.d']) {
    await rm(join(rootfs, file), { recursive: true, force: true });
  }
  await mkdir(join(rootfs, 'etc/apt/sources.list.d'));
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(rootfs, file), content);
    await chmod(join(rootfs, file), file.startsWith('etc/sudoers.d/') ? 0o440 : 0o644);
  }
}

/** sources.list(5), deb822. */
export function formatSources({ keyring, sources }: Archive, release: string): string {
  const stanzas = sources.map(({ uri, suites, components }) =>
    [
      'Types: deb',
      `URIs: ${uri}`,
      `Suites: ${suites.map((suite) => suite.replace('{release}', release)).join(' ')}`,
      `Components: ${components.join(' ')}`,
      `Signed-By: ${keyring}`,
    ].join('\n'),
  );
  return `${stanzas.join('\n\n')}\n`;
}

async function put(from: string, to: string, mode: number): Promise<void> {
  await copyFile(from, to);
  await chmod(to, mode);
}
