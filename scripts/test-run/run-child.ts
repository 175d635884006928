/** Runs a program of this repository to its end, its output shown. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @throws where it does not end with 0 */
export async function runChild(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: 'inherit' });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? signal}`);
}
