/**
 * The stages of a build, in order. Each can be run again after it was killed halfway; one that is done is not run again.
 * code-server's own install script does the stages `editor`, `compile` and `finish` in one go; apart, a killed build
 * goes on where it was, and progress is known.
 */
import { copyFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { runBuildCommand } from '../build-command.ts';
import type { Stage, StageContext } from '../build-parts.ts';
import { readRecipe } from '../recipe.ts';
import { measureTree, openTree, pruneTree } from './prune-tree.ts';
import { treeSource } from './tree-version.ts';
import { tryTree } from './try-tree.ts';

export function treeStages(source: string): readonly Stage[] {
  return [
    {
      name: 'download',
      title: 'Downloading code-server and Node',
      seconds: 14,
      run: (context) => download(source, context),
    },
    { name: 'editor', title: 'Downloading what the editor needs', seconds: 12, run: installEditor },
    {
      name: 'compile',
      title: 'Compiling the native parts of the editor',
      seconds: 72,
      milestones: { '@vscode/spdlog': 0.03, '@vscode/sqlite3': 0.37, '@vscode/windows-process-tree': 0.94 },
      run: compile,
    },
    { name: 'finish', title: 'Finishing the installation', seconds: 4, run: finish },
    { name: 'assemble', title: 'Putting the image together', seconds: 3, run: (context) => assemble(source, context) },
    { name: 'try', title: 'Trying the image', seconds: 6, run: (context) => tryOut(source, context) },
  ];
}

export function treeOf(staging: string): string {
  return join(staging, 'tree');
}

/** What is known before pruning; written by `finish`. */
export const installedFacts = z.object({ mib: z.number(), files: z.int(), node: z.string() });

export function installedFactsFile(staging: string): string {
  return join(staging, 'installed.json');
}

const installed = (staging: string) => join(staging, 'install/node_modules');
const editorOf = (staging: string) => join(installed(staging), 'code-server/lib/vscode');
const nodePackage = `node-linux-${process.arch}`;

/** By the machine's npm, whichever it is: no scripts run yet. Brings the npm and the Node that do the rest. */
async function download(source: string, context: StageContext): Promise<void> {
  const directory = join(context.staging, 'install');
  await mkdir(directory, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(treeSource(source), file), join(directory, file));
  }
  const argv = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await runBuildCommand({ argv, cwd: directory, nodeDirectory: dirname(process.execPath) }, context);
}

async function installEditor(context: StageContext): Promise<void> {
  for (const cwd of [editorOf(context.staging), join(editorOf(context.staging), 'extensions')]) {
    await npm(['install', '--omit=dev', '--ignore-scripts', '--prefer-offline'], cwd, context);
  }
}

async function compile(context: StageContext): Promise<void> {
  await npm(['rebuild', '--foreground-scripts'], editorOf(context.staging), context, (line) => {
    const [, name] = /^> ((?:@[\w.-]+\/)?[\w.-]+)@\S+ (?:pre|post)?install$/.exec(line) ?? [];
    if (name !== undefined) context.detail(name);
  });
}

/** code-server's own script finds everything in place and makes its links. */
async function finish(context: StageContext): Promise<void> {
  const { staging } = context;
  await npm(['rebuild', 'code-server', 'argon2'], join(staging, 'install'), context);
  const nodeManifest = await readFile(join(installed(staging), nodePackage, 'package.json'), 'utf8');
  const { version: node } = z.object({ version: z.string() }).parse(JSON.parse(nodeManifest));
  await writeFile(installedFactsFile(staging), JSON.stringify({ ...(await measureTree(installed(staging))), node }));
}

/** Every step finds out by itself whether it was done before. */
async function assemble(source: string, context: StageContext): Promise<void> {
  const { staging } = context;
  const tree = treeOf(staging);
  const lib = join(tree, 'lib');
  await mkdir(lib, { recursive: true });
  await renameOnce(installed(staging), join(lib, 'node_modules'));
  await mkdir(join(tree, 'bin'), { recursive: true });
  await renameOnce(join(lib, 'node_modules', nodePackage, 'bin/node'), join(tree, 'bin/node'));
  for (const program of ['npm', 'npx']) {
    await link(`../lib/node_modules/npm/bin/${program}-cli.js`, join(tree, 'bin', program));
  }
  await link('node_modules/code-server', join(lib, 'code-server'));
  await cp(join(treeSource(source), 'share'), join(tree, 'share'), { recursive: true, force: true });
  for (const rule of readRecipe(source).editor.prune) {
    context.detail(`without ${rule.why}`);
    await pruneTree(tree, rule);
  }
  await openTree(tree);
}

async function tryOut(source: string, context: StageContext): Promise<void> {
  await tryTree({ ...context, tree: treeOf(context.staging), script: join(treeSource(source), 'try.cjs') });
}

async function npm(
  args: readonly string[],
  cwd: string,
  context: StageContext,
  onLine?: (line: string) => void,
): Promise<void> {
  const modules = installed(context.staging);
  const nodeDirectory = join(modules, nodePackage, 'bin');
  const argv = [join(nodeDirectory, 'node'), join(modules, 'npm/bin/npm-cli.js'), ...args];
  const command = { argv, cwd, nodeDirectory, headers: join(modules, nodePackage) };
  await runBuildCommand(onLine === undefined ? command : { ...command, onLine }, context);
}

/** Nothing to do where a killed attempt has moved it already. */
async function renameOnce(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}
