/** A process's log: JSON lines, at most two files of 10 MiB each. What is no JSON (a crash's stack) is wrapped into it. */
import { appendFileSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const limitBytes = 10 * 2 ** 20;

export interface LogFile {
  readonly path: string;
  /** Takes output as it comes; lines may arrive in pieces. */
  write(chunk: string): void;
  /** A descriptor to append to, for a process that writes by itself; to be closed by the caller. @throws where it cannot be opened */
  open(): number;
  /** The last lines that were no JSON or were fatal: what a process said when it failed. */
  lastWords(): readonly string[];
}

/** @param name `server` for `.logs/_tidepool/server.jsonl` */
export function openLogFile(path: string, name: string, now: () => Date = () => new Date()): LogFile {
  let rest = '';
  let words: string[] = [];

  function line(text: string): void {
    if (text === '') return;
    const isJson = text.startsWith('{') && text.endsWith('}');
    const word = isJson ? fatalMessage(text) : text;
    if (word !== null) words = [...words, word].slice(-10);
    const whole = isJson ? text : JSON.stringify({ level: 50, time: now().getTime(), name, msg: text });
    try {
      makeRoom(path, Buffer.byteLength(whole) + 1);
      appendFileSync(path, `${whole}\n`, { mode: 0o600 });
    } catch (error) {
      // A full disk, or a directory that somebody removed, costs log lines, never the processes that write them.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  return {
    path,
    write(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) line(text);
    },
    open() {
      makeRoom(path, 0);
      return openSync(path, 'a', 0o600);
    },
    lastWords: () => words,
  };
}

const fatal = z.object({ level: z.literal(60), msg: z.string(), err: z.object({ message: z.string() }).optional() });

/** pino's level 60. Null for any other line. */
function fatalMessage(line: string): string | null {
  if (!line.includes('"level":60')) return null;
  try {
    const { msg, err } = fatal.parse(JSON.parse(line));
    return err ? `${msg}: ${err.message}` : msg;
  } catch {
    return null;
  }
}

function makeRoom(path: string, bytes: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size + bytes > limitBytes) renameSync(path, `${path}.1`);
}
