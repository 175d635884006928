/** Makes `LogLine`s of raw lines: an instance's own output, and the worker's pino lines about it. */
import type { LogLine } from '@tidepool/core';
import { z } from 'zod';

/** @param at for a line without a time of its own: the line's before it, or the file's */
export type ReadLine = (line: string, at: string) => LogLine;

/** code-server begins its lines with `[2026-03-01T12:00:00.000Z] info`; other programs write what they like. */
const dated = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)\]\s*(?:(trace|debug|info|warn|error)\b\s*)?(.*)$/s;

export const readInstanceLine: ReadLine = (line, at) => {
  const [, time = '', level = 'info', message = line] = dated.exec(line) ?? [];
  return { at: normalised(time) ?? at, level, source: 'instance', message };
};

const pinoLine = z.looseObject({
  time: z.number().min(0).max(8_640_000_000_000_000),
  level: z.number(),
  msg: z.string().default(''),
  name: z.string().default('worker'),
  err: z.looseObject({ message: z.string() }).optional(),
});

export const readTidepoolLine: ReadLine = (line, at) => {
  const parsed = pinoLine.safeParse(parseJson(line));
  if (!parsed.success) return { at, level: 'info', source: 'worker', message: line };
  const { time, level, msg, name, err } = parsed.data;
  const message = err ? `${msg}: ${err.message}` : msg;
  return { at: new Date(time).toISOString(), level: levelName(level), source: name, message };
};

/** Reads lines in order, each dated by the one before where it has no time itself. */
export function readLines(lines: readonly string[], read: ReadLine, writtenAt: Date): LogLine[] {
  let at = writtenAt.toISOString();
  // The first lines of a piece may lack a time while later ones have one: they are not younger than those.
  const firstDated = lines.map((line) => read(line, '').at).find((time) => time !== '');
  if (firstDated !== undefined && firstDated < at) at = firstDated;
  return lines.map((line) => {
    const entry = read(line, at);
    at = entry.at;
    return entry;
  });
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
