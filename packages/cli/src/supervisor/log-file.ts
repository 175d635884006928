/** A process's log: JSON lines, at most two files of 10 MiB each. What is no JSON (a crash's stack) is wrapped into it. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const limitBytes = 10 * 2 ** 20;

export interface LogFile {
  readonly path: string;
  /** Takes output as it comes; lines may arrive in pieces. */
  write(chunk: string): void;
  /** The last lines that were no JSON: what a process said when it failed before its log stood. */
  lastWords(): readonly string[];
}

/** @param name `server` for `.logs/_tidepool/server.jsonl` */
export function openLogFile(path: string, name: string, now: () => Date = () => new Date()): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let rest = '';
  let words: string[] = [];

  function line(text: string): void {
    if (text === '') return;
    const isJson = text.startsWith('{') && text.endsWith('}');
    if (!isJson) words = [...words, text].slice(-10);
    const whole = isJson ? text : JSON.stringify({ level: 50, time: now().getTime(), name, msg: text });
    const bytes = Buffer.byteLength(whole) + 1;
    if (size + bytes > limitBytes) {
      renameSync(path, `${path}.1`);
      size = 0;
    }
    append(path, `${whole}\n`);
    size += bytes;
  }

  return {
    path,
    write(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) line(text);
    },
    lastWords: () => words,
  };
}

/** A full disk costs log lines, never the processes that write them. */
function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')))
      throw error;
  }
}
