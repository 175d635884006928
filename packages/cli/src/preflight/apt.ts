/** apt-get, as Tidepool runs it. */
import { spawn } from 'node:child_process';

export interface AptResult {
  /** Null where it could not be run. */
  readonly code: number | null;
  /** Both streams. */
  readonly lines: readonly string[];
  /** Why it failed, in its own words. */
  readonly words: string;
}

/** Waits for other installations; never asks anything. */
export async function apt(args: readonly string[], signal: AbortSignal): Promise<AptResult> {
  const settings = ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_MODE=l', 'LC_ALL=C.UTF-8'];
  const child = spawn('env', [...settings, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C must not cut dpkg off in the middle: it is given the time to end.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve).once('error', (error) => {
      output += `E: ${error.message}\n`;
      resolve(null);
    });
  });
  signal.removeEventListener('abort', end);
  const lines = output.split('\n');
  return { code, lines, words: lines.findLast((line) => line.startsWith('E: '))?.slice(3) ?? `it ended with ${code}` };
}
