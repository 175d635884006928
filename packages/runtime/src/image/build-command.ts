/** Runs one program of a build: its output goes to the log, its process group ends with the build. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { buildMarker, endNow } from './build-leftovers.ts';

export interface BuildCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The directory of the Node that comes first on the PATH. */
  readonly nodeDirectory: string;
  /** Where node-gyp finds Node's headers. */
  readonly headers?: string;
  /** Called with each line of output. */
  readonly onLine?: (line: string) => void;
}

export interface CommandContext {
  /** Of the calling process: where programs are found, and how the network is reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly staging: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What a program that failed wrote last. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly output: string;

  constructor(argv: readonly string[], how: string, output: string) {
    super(`${argv.slice(0, 3).join(' ')} ${how}`);
    this.output = output;
  }
}

/** @throws CommandFailed; the signal's reason where it was aborted */
export async function runBuildCommand(
  command: BuildCommand,
  { env, staging, signal, log }: CommandContext,
): Promise<void> {
  signal.throwIfAborted();
  const [program = '', ...rest] = command.argv;
  const child = spawn(program, rest, {
    cwd: command.cwd,
    env: buildEnvironment(env, command, staging),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const read = (line: string) => {
    lines.push(line);
    if (lines.length > 400) lines.shift();
    log.debug({ line }, 'build output');
    command.onLine?.(line);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);
  const end = () => {
    if (child.pid !== undefined) endNow(-child.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('error', (cause) => reject(new CommandFailed(command.argv, 'could not be run', cause.message)));
  child.once('close', (code, name) => {
    if (code === 0) resolve();
    else if (signal.aborted) reject(signal.reason);
    else reject(new CommandFailed(command.argv, `ended with ${name ?? code}`, lines.join('\n')));
  });
  return promise.finally(() => signal.removeEventListener('abort', end));
}

const passedOn =
  /^(path|home|user|logname|lang|lc_\w+|tmpdir|shell|cc|cxx|(https?|all|no)_proxy|(ssl|node_extra)_\w+)$/i;
const npmSettings =
  /^npm_config_(registry|cafile|ca|cache|userconfig|globalconfig|proxy|https?_proxy|noproxy|strict_ssl)$/i;

/** Little of ours: neither secrets, nor what `npm start` tells its own script, nor options meant for another Node. */
function buildEnvironment(env: CommandContext['env'], command: BuildCommand, staging: string): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => passedOn.test(name) || npmSettings.test(name));
  return {
    ...Object.fromEntries(kept.map(([name, value = '']) => [name, value])),
    // Root's programs are not on every root's PATH.
    PATH: `${command.nodeDirectory}:${env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`,
    [buildMarker]: staging,
    npm_config_ignore_scripts: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    // node-gyp's make compiles with all cores.
    JOBS: 'max',
    ...(command.headers === undefined ? {} : { npm_config_nodedir: command.headers }),
  };
}
