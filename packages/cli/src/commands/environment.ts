/** What a command works with: the configuration, and where to speak. */
import { homedir, totalmem } from 'node:os';
import { type Config, parseConfig } from '@tidepool/core';

export interface Terminal {
  /** A line for people. */
  say(line: string): void;
  /** A line about something that is wrong. */
  complain(line: string): void;
  /** Replaces the line before it, where the terminal can; null ends that. */
  progress(line: string | null): void;
}

/** @throws TidepoolError `invalid_config` */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return parseConfig(env, {
    cwd: process.cwd(),
    homeDirectory: homedir(),
    isRoot: process.getuid?.() === 0,
    totalMemoryMiB: Math.floor(totalmem() / 2 ** 20),
  });
}

/** On a terminal progress is one line that changes; elsewhere (a log, CI) a new line now and then. */
export function createTerminal(
  out: NodeJS.WriteStream,
  err: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): Terminal {
  let open = false;
  let last = { line: '', at: Number.NEGATIVE_INFINITY };
  const finish = () => {
    if (open) out.write('\n');
    open = false;
  };
  return {
    say(line) {
      finish();
      out.write(`${harmless(line)}\n`);
    },
    complain(line) {
      finish();
      err.write(`${harmless(line)}\n`);
    },
    progress(line) {
      if (line === null) {
        if (open) out.write('\r\u001B[K');
        open = false;
        return;
      }
      if (out.isTTY) {
        out.write(`\r\u001B[K${line.slice(0, Math.max(20, (out.columns ?? 80) - 1))}`);
        open = true;
      } else if (line !== last.line && now() - last.at > 10_000) {
        out.write(`${line}\n`);
        last = { line, at: now() };
      }
    },
  };
}

/** Labels and messages come from inside workspaces too: none of them steers the terminal. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\u{FFFD}');
}
