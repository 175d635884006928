/** How far a build is and how long is left, from what each stage takes normally and what this machine took so far. */
import type { Stage } from './build-stages.ts';

export interface BuildProgress {
  readonly stage: string;
  /** For people: `Compiling the native parts of the editor`. */
  readonly title: string;
  /** What of it is at work, where that is known. */
  readonly detail: string | null;
  /** Of the whole build, 0 to 100; never goes back. */
  readonly percent: number;
  /** Milliseconds; null where nobody can tell, such as while waiting for another build. */
  readonly remainingMs: number | null;
}

export interface ProgressMeter {
  begin(stage: Stage, now: number): void;
  /** `ran`: false where an earlier attempt had done it already, which says nothing of this machine's speed. */
  end(stage: Stage, now: number, ran: boolean): void;
  detail(text: string): void;
  read(now: number): BuildProgress;
}

/** Times in milliseconds of any one clock. */
export function createProgressMeter(stages: readonly Stage[]): ProgressMeter {
  const total = sum(stages);
  const done = new Set<Stage>();
  let current: { stage: Stage; since: number; detail: string | null } | null = null;
  let measured = { normal: 0, took: 0 };
  let highest = 0;

  return {
    begin(stage, now) {
      current = { stage, since: now, detail: null };
    },
    end(stage, now, ran) {
      if (ran && current) measured = add(measured, stage.seconds, (now - current.since) / 1000);
      done.add(stage);
    },
    detail(text) {
      if (current) current = { ...current, detail: text };
    },
    read(now) {
      // One quick or slow stage is no proof: what is known of this machine weighs as much as its share of a build.
      const slowness = (measured.took + (total - measured.normal)) / total;
      const left = stages.filter((stage) => !done.has(stage) && stage !== current?.stage);
      const ofCurrent =
        current && !done.has(current.stage) ? shareLeft(current.stage, current.since, now, slowness) : 0;
      const remaining = sum(left) + ofCurrent;
      highest = Math.max(highest, Math.floor(((total - remaining) * 100) / total));
      return {
        stage: current?.stage.name ?? 'begin',
        title: current?.stage.title ?? 'Beginning',
        detail: current?.detail ?? null,
        percent: highest,
        remainingMs: Math.round(remaining * slowness * 1000),
      };
    },
  };
}

/** Normal seconds left of a stage. One that takes longer than expected never seems to be done. */
function shareLeft(stage: Stage, since: number, now: number, slowness: number): number {
  const gone = (now - since) / 1000 / slowness;
  return Math.max(stage.seconds - gone, stage.seconds * 0.05);
}

function sum(stages: readonly Stage[]): number {
  return stages.reduce((seconds, stage) => seconds + stage.seconds, 0);
}

function add({ normal, took }: { normal: number; took: number }, seconds: number, real: number) {
  return { normal: normal + seconds, took: took + real };
}
