/** How far a build is and how long is left, from what each stage takes normally and what this machine took so far. */
import type { Stage } from './build-parts.ts';

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
  /** What is at work within the stage; where that is one of its milestones, its share is known to be done. */
  detail(text: string, now: number): void;
  read(now: number): BuildProgress;
}

/** Times in milliseconds of any one clock. */
export function createProgressMeter(stages: readonly Stage[]): ProgressMeter {
  const total = sum(stages);
  const done = new Set<Stage>();
  let current: Current | null = null;
  let measured = { normal: 0, took: 0 };
  let highest = 0;

  return {
    begin(stage, now) {
      current = { stage, since: now, detail: null, reached: 0, reachedAt: now };
    },
    end(stage, now, ran) {
      if (ran && current) measured = add(measured, stage.seconds, (now - current.since) / 1000);
      done.add(stage);
    },
    detail(text, now) {
      const share = current?.stage.milestones?.[text];
      if (current) current = { ...current, detail: text };
      if (current && share !== undefined) current = { ...current, reached: share, reachedAt: now };
    },
    read(now) {
      // One quick or slow stage is no proof: what is known of this machine weighs as much as its share of a build.
      const known = current && !done.has(current.stage) ? withMilestone(measured, current) : measured;
      const slowness = (known.took + (total - known.normal)) / total;
      const left = stages.filter((stage) => !done.has(stage) && stage !== current?.stage);
      const ofCurrent = current && !done.has(current.stage) ? leftOf(current, now, slowness) : 0;
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

interface Current {
  readonly stage: Stage;
  readonly since: number;
  readonly detail: string | null;
  /** The last milestone: which share of the stage was done, and when. */
  readonly reached: number;
  readonly reachedAt: number;
}

/** Normal seconds left of a stage. What takes longer than expected never seems to have passed the next milestone. */
function leftOf({ stage, reached, reachedAt }: Current, now: number, slowness: number): number {
  const gone = (now - reachedAt) / 1000 / slowness;
  const next = Math.min(1, ...Object.values(stage.milestones ?? {}).filter((share) => share > reached));
  const least = stage.seconds * (1 - next + (next - reached) * 0.05);
  return Math.max(stage.seconds * (1 - reached) - gone, least);
}

function withMilestone(measured: { normal: number; took: number }, { stage, since, reached, reachedAt }: Current) {
  return add(measured, stage.seconds * reached, (reachedAt - since) / 1000);
}

function sum(stages: readonly Stage[]): number {
  return stages.reduce((seconds, stage) => seconds + stage.seconds, 0);
}

function add({ normal, took }: { normal: number; took: number }, seconds: number, real: number) {
  return { normal: normal + seconds, took: took + real };
}
