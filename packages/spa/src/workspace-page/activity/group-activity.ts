/**
 * The log of what happened, one entry per thing that a person would tell: a job with its steps and retries is one, and so
 * is a change of ports with the job that carries it out.
 */
import type { Activity, Actor, StepName } from '@tidepool/core';

export interface Entry {
  readonly key: string;
  /** How it ended; for what has not, how it began. */
  readonly head: Activity;
  /** Who asked for it. */
  readonly actor: Actor;
  readonly steps: readonly EntryStep[];
  /** What went wrong on the way and was tried again. */
  readonly retries: readonly Activity[];
  readonly state: 'open' | 'done' | 'failed';
}

export interface EntryStep {
  /** The row's id: a step that was tried again has two. */
  readonly id: number;
  readonly name: StepName;
  /** `cut`: what carried it out died, and another try began, or the job ended. */
  readonly state: 'now' | 'done' | 'failed' | 'cut';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** null while it runs. */
  readonly durationMs: number | null;
}

/** @param rows newest first, as the API lists them */
export function groupActivity(rows: readonly Activity[]): readonly Entry[] {
  const groups = Map.groupBy(rows, keyOf(rows));
  return [...groups].flatMap(([key, group]) => entryOf(key, group.toReversed()));
}

/** A job's rows belong to it; a port's row to the job that was accepted with it, in the same breath. */
function keyOf(rows: readonly Activity[]): (row: Activity) => string {
  const accepted = new Map(
    rows.flatMap(({ id, type, detail }) => (type === 'job.accepted' ? [[id, detail.job?.id]] : [])),
  );
  return ({ id, type, detail }) => {
    const jobId = isPortChange(type) ? accepted.get(id + 1) : detail.job?.id;
    return jobId ?? `row-${id}`;
  };
}

/** @param rows oldest first */
function entryOf(key: string, rows: readonly Activity[]): readonly Entry[] {
  const [first] = rows;
  const end = rows.find(({ type }) => ends.has(type));
  const asked = rows.find(({ type }) => isPortChange(type)) ?? first;
  if (!first || !asked) return [];
  const isFailed = end?.detail.error !== undefined;
  // «Port 3000 registered» says more than «Ports changed», but not more than why that failed.
  const told = isPortChange(asked.type) && !isFailed ? asked : (end ?? asked);
  const durationMs = end?.detail.durationMs;
  return [
    {
      key,
      head: durationMs === undefined ? told : { ...told, detail: { ...told.detail, durationMs } },
      actor: rows.find(({ actor }) => actor !== 'system')?.actor ?? 'system',
      steps: stepsOf(rows, end),
      retries: rows.filter(({ type }) => type === 'job.retrying'),
      state: isFailed ? 'failed' : end || first.detail.job === undefined ? 'done' : 'open',
    },
  ];
}

/** @param rows oldest first. @param end the one that tells the job's end; undefined while it is at work */
function stepsOf(rows: readonly Activity[], end: Activity | undefined): readonly EntryStep[] {
  const steps: EntryStep[] = [];
  for (const { id, at, detail } of rows) {
    if (!detail.step) continue;
    const { name, status, durationMs } = detail.step;
    const last = steps.at(-1);
    const isItsEnd = last?.state === 'now' && last.name === name && status !== 'running';
    const startedAt = isItsEnd ? last.startedAt : Date.parse(at) - (durationMs ?? 0);
    // Steps follow each other: one that never ended was cut off by the next.
    if (last?.state === 'now') steps.pop();
    if (last?.state === 'now' && !isItsEnd) steps.push(cutAt(last, startedAt));
    steps.push({ id, name, state: stateOf[status], startedAt, durationMs });
  }
  return end ? steps.map((step) => (step.state === 'now' ? cutAt(step, Date.parse(end.at)) : step)) : steps;
}

const stateOf = { running: 'now', succeeded: 'done', failed: 'failed' } as const;

function cutAt(step: EntryStep, at: number): EntryStep {
  return { ...step, state: 'cut', durationMs: Math.max(0, at - step.startedAt) };
}

const ends: ReadonlySet<Activity['type']> = new Set(['workspace.settled', 'workspace.gone', 'job.finished']);

function isPortChange(type: Activity['type']): boolean {
  return type === 'port.added' || type === 'port.removed';
}
