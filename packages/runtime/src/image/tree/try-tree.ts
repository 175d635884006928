/** Whether a finished tree works: asked before it becomes visible. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { missingAnswer } from '../ask-editor.ts';
import { type CommandContext, CommandFailed, runBuildCommand } from '../build-command.ts';
import { buildMarker, endNow } from '../build-leftovers.ts';
import { assignCompileCache, compileCacheEnvironment, compileCacheOf } from './compile-cache.ts';
import { dateExtensions, keepExtensionCache } from './extension-cache.ts';
import { openTree } from './prune-tree.ts';

export interface TreeTrial extends CommandContext {
  readonly tree: string;
  /** Run by the tree's Node with the tree as its argument. */
  readonly script: string;
}

/** @throws CommandFailed */
export async function tryTree(trial: TreeTrial): Promise<void> {
  const node = join(trial.tree, 'bin/node');
  const nodeDirectory = join(trial.tree, 'bin');
  const entry = join(trial.tree, 'lib/code-server/out/node/entry.js');
  for (const argv of [
    [node, trial.script, trial.tree],
    [node, entry, '--version'],
  ]) {
    await runBuildCommand({ argv, cwd: trial.tree, nodeDirectory }, trial);
  }
  // Short, for a socket's path has at most 107 bytes; private, for this editor has no password.
  const directory = await mkdtemp(join(tmpdir(), 'tidepool-'));
  // Of an attempt that was killed.
  await rm(compileCacheOf(trial.tree), { recursive: true, force: true });
  await mkdir(compileCacheOf(trial.tree));
  await dateExtensions(trial.tree);
  try {
    await startOnce([node, entry], directory, trial);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  await assignCompileCache(trial.tree);
  await openTree(compileCacheOf(trial.tree));
  await openTree(join(trial.tree, 'share'));
}

/** Starts code-server on a socket of its own until it is alive, has given its page and written what is kept of it. */
async function startOnce(
  command: readonly string[],
  directory: string,
  { tree, staging, signal }: TreeTrial,
): Promise<void> {
  const [program = '', ...rest] = command;
  const socket = join(directory, 'editor.sock');
  const flags = ['--auth', 'none', '--socket', socket, '--disable-telemetry', '--disable-update-check', directory];
  const child = spawn(program, [...rest, ...flags], {
    cwd: directory,
    env: {
      ...{ HOME: directory, TMPDIR: directory, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', [buildMarker]: staging },
      ...compileCacheEnvironment(tree),
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  const missing = await missingOf(socket, directory, tree, deadline).finally(() => end(child));
  signal.throwIfAborted();
  if (missing !== null) throw new CommandFailed(command, missing, (await output).join('\n'));
}

/** Null where nothing is missing; else in words what is. */
async function missingOf(
  socket: string,
  directory: string,
  tree: string,
  deadline: AbortSignal,
): Promise<string | null> {
  const missing = await missingAnswer({ socketPath: socket }, directory, deadline);
  if (missing !== null) return missing;
  return (await keepExtensionCache(tree, directory, deadline)) ? null : 'wrote no list of its extensions';
}

/** In peace, for it writes what it compiled when it ends; by force after 10 s. */
async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  child.kill('SIGTERM');
  const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'close');
  await Promise.race([ended, pause(10_000, undefined, { ref: false })]);
  endNow(-pid);
}
