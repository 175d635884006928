/** Makes `LogLine`s of raw lines: an instance's own output, and the worker's pino lines about it. */
import { stripVTControlCharacters } from 'node:util';
import type { LogLine } from '@tidepool/core';
import { z } from 'zod';
import { clockOf, firstFrom, lastUpTo } from './log-clock.ts';

/**
 * @param at for a line without a time of its own: the line's before it, or the file's
 * @param latest when the file was last written
 */
export type ReadLine = (line: string, at: string, latest: string) => LogLine;

/** code-server begins its lines with `[2026-03-01T12:00:00.000Z] info`; other programs write what they like. */
const dated = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)\]\s*(?:(trace|debug|info|warn|error)\b\s*)?(.*)$/s;

export const readInstanceLine: ReadLine = (raw, at, latest) => {
  const line = plain(raw);
  const clocked = clockOf(line);
  if (clocked) {
    const { clock, message } = clocked;
    // Without a time to start from it has none either.
    return { at: at === '' ? '' : firstFrom(at, clock, latest), level: 'info', source: 'instance', message };
  }
  const [, time = '', level = 'info', message = line] = dated.exec(line) ?? [];
  return { at: normalised(time) ?? at, level, source: 'instance', message };
};

const pinoLine = z.looseObject({
  time: z.number().min(0).max(8_640_000_000_000_000),
  level: z.number(),
  msg: z.string().default(''),
  name: z.string().default('worker'),
  err: z.looseObject({ message: z.string() }).optional(),
  kind: z.string().optional(),
  step: z.string().optional(),
  undo: z.string().optional(),
  /** What another program said. */
  said: z.string().optional(),
  outcome: z.string().optional(),
  durationMs: z.number().optional(),
});

export const readTidepoolLine: ReadLine = (line, at) => {
  const parsed = pinoLine.safeParse(parseJson(line));
  if (!parsed.success) return { at, level: 'info', source: 'worker', message: line };
  const { time, level, msg, name, err, kind, step, undo, said, outcome, durationMs } = parsed.data;
  const duration = durationMs === undefined ? undefined : `${(durationMs / 1000).toFixed(2)} s`;
  const about = [undo ?? step ?? kind, outcome, duration].filter((part) => part !== undefined).join(', ');
  const message = [msg, about, said ?? '', err?.message ?? ''].filter((part) => part !== '').join(': ');
  return { at: new Date(time).toISOString(), level: levelName(level), source: name, message };
};

/** Colours and the like are for terminals: a page shows them as signs, and a terminal obeys whatever a workspace prints. */
function plain(line: string): string {
  return stripVTControlCharacters(line).replaceAll(/[^\P{Cc}\t]/gu, '');
}

/** Neither text nor more than a clock: such lines are left out of a log. */
export function isBlank(line: string): boolean {
  const text = plain(line);
  return (clockOf(text)?.message ?? text).trim() === '';
}

/** Reads lines in order, each dated by the one before where it has no time itself. */
export function readLines(lines: readonly string[], read: ReadLine, writtenAt: Date): LogLine[] {
  const latest = writtenAt.toISOString();
  let at = startOf(lines, read, latest);
  return lines.map((line) => {
    const entry = read(line, at, latest);
    at = entry.at;
    return entry;
  });
}

/** The first lines of a piece may lack a date while later ones have one: they are not younger than those. */
function startOf(lines: readonly string[], read: ReadLine, latest: string): string {
  const times = lines.map((line) => read(line, '', latest).at);
  const firstDated = times.find((time) => time !== '');
  let at = firstDated !== undefined && firstDated < latest ? firstDated : latest;
  const undated = firstDated === undefined ? lines : lines.slice(0, times.indexOf(firstDated));
  for (const line of undated.toReversed()) {
    const clocked = clockOf(line);
    if (clocked) at = lastUpTo(at, clocked.clock);
  }
  return at;
}

function normalised(time: string): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** pino's numbers: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function levelName(level: number): string {
  if (level >= 60) return 'fatal';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warn';
  if (level >= 30) return 'info';
  return level >= 20 ? 'debug' : 'trace';
}
