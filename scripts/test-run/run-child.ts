/** Runs a program of this repository to its end, its output shown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  readonly cwd: string;
  /** Over those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Asks it to end. */
  readonly signal?: AbortSignal;
}

/** @throws where it does not end with 0 */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<void> {
  const { cwd, env = {}, signal } = options;
  const child = spawn(program, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
  const end = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', end, { once: true });
  const [code, killedBy] = await once(child, 'exit');
  signal?.removeEventListener('abort', end);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? killedBy}`);
}
