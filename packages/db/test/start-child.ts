/** Starts one of `children/` as a process of its own, ended with the test. Each waits for `go`, so that all begin together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  /** What it printed, line by line. Complete once `ended`. */
  readonly lines: string[];
  go(): void;
  kill(): void;
  /** Its exit code; null where it was killed. Rejects with what it wrote to stderr where that is something. */
  readonly ended: Promise<number | null>;
}

/** @param before a program with arguments to run it under, such as `unshare` */
export async function startChild(
  script: string,
  args: readonly string[],
  before: readonly string[] = [],
): Promise<Child> {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const [program, ...rest] = [...before, process.execPath, path, ...args];
  if (program === undefined) throw new Error('There is a program to run.');
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  const ready = once(output, 'line');
  output.on('line', (line) => lines.push(line));
  const ended = endOf(child);
  await Promise.race([ready, ended]);
  lines.shift();
  return { lines, ended, go: () => child.stdin.end('go\n'), kill: () => child.kill('SIGKILL') };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  let errors = '';
  child.stderr?.on('data', (data) => {
    errors += String(data);
  });
  // A child that is killed before it read is no failure of ours.
  child.stdin?.on('error', () => undefined);
  await once(child, 'close');
  if (errors !== '') throw new Error(errors);
  return child.exitCode;
}
