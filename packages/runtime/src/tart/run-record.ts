/**
 * Which `tart run` is an instance's: a file per run, `runs/<number>`, linked into place by `launch.sh` under the next free
 * number, which fails where somebody was first. The newest counts, and is alive while that very process is. Files are never
 * removed before the instance is, so that a late launcher finds its number taken.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode } from '../file-errors.ts';
import { processStarts } from './process-starts.ts';
import type { TartHome } from './tart-home.ts';

/** What a launcher is told to write down, after its own pid and start. */
const runNote = z.strictObject({ jobId: z.string(), logFile: z.string(), logStart: z.int() });
export type RunNote = z.infer<typeof runNote>;

/** What it finds out itself. */
const written = z.object({ pid: z.coerce.number().int().positive(), startTime: z.string().trim().min(1) });

export interface RunRecord extends RunNote {
  readonly number: number;
  readonly pid: number;
  /** In the words of ps(1). */
  readonly startTime: string;
}

/** The highest number given; 0 where there was no run yet. */
export function newestNumber(runs: string): number {
  return Math.max(
    0,
    ...namesIn(runs)
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
}

/** The newest run, unless it is known to have ended as it should. It may have ended all the same. */
export function newestRun(runs: string): RunRecord | null {
  const number = newestNumber(runs);
  if (number === 0 || namesIn(runs).includes(`${number}.ended`)) return null;
  try {
    const [pid, startTime, note] = readFileSync(join(runs, String(number)), 'utf8').split('\n');
    return { number, ...written.parse({ pid, startTime }), ...runNote.parse(JSON.parse(note ?? '')) };
  } catch (error) {
    // Removed with its instance, or torn by a power cut, after which nothing runs.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export async function isAlive(run: RunRecord, signal: AbortSignal): Promise<boolean> {
  return (await processStarts([run.pid], signal)).get(run.pid) === run.startTime;
}

/** The instance's run that is alive now; null where it is stopped or not there. */
export async function liveRun({ paths }: TartHome, id: string, signal: AbortSignal): Promise<RunRecord | null> {
  const run = newestRun(paths(id).runs);
  return run !== null && (await isAlive(run, signal)) ? run : null;
}

/** Notes that a run is over and that this is no news. Does nothing where the instance is gone with its runs. */
export function noteEnd(runs: string, { number }: Pick<RunRecord, 'number'>): void {
  try {
    writeFileSync(join(runs, `${number}.ended`), '');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}
