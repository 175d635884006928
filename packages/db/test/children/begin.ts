/** Says that this child is ready, and waits until all may begin. */
import { readSync, writeSync } from 'node:fs';

export function begin(): void {
  say('ready');
  readSync(0, Buffer.alloc(16));
}

/** Written at once: what was said is said, even if this process is killed right after. */
export function say(line: string): void {
  writeSync(1, `${line}\n`);
}

export function argument(index: number): string {
  const value = process.argv[index + 2];
  if (value === undefined) throw new Error(`Argument ${index} is missing.`);
  return value;
}
