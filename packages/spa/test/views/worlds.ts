/** The worlds that views are looked at in. */
import type { Job, JobKind } from '@tidepool/core';
import { expect } from 'vitest';
import { aPort, aRunning, type World } from '../stub-world.ts';

export const failure = { code: 'disk_full', message: 'The disk has 0 MiB left.', fix: 'Free some space.' };

/** The name of one in each status that a workspace's page shows differently. */
export const ofStatus = {
  running: 'notes',
  stopped: 'draft',
  error: 'broken',
  creating: 'web-app',
  deleting: 'old-one',
} as const;

export function eachState(world: World): void {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const notes = world.add('notes', {
    ...aRunning,
    startedAt: ago(200),
    lastAccessedAt: ago(3),
    inForce: { cpus: 2, memoryMiB: 2048, diskGiB: 20 },
    source: {
      git: 'https://git.example.org/team/notes.git',
      ref: null,
      status: 'failed',
      error: { code: 'clone_failed', message: 'There is no such repository.', fix: 'Check the address.' },
    },
    ports: [{ ...aPort('notes', 3000, 'web'), listening: true }, aPort('notes', 9229)],
  });
  world.measure(notes.id, { cpus: 0.4, memoryMiB: 1_900, diskMiB: 2_100 });
  world.print(notes.id, 'editor listening on 8080', { level: 'error', message: 'an extension failed' });
  world.add('quiet', { ...aRunning, startedAt: ago(600), lastAccessedAt: ago(500), memoryMiB: 2048 });
  world.add('draft', { lastAccessedAt: ago(3_000) });
  world.add('lost', { stopReason: 'instance_gone' });
  world.add('broken', {
    status: 'error',
    error: { code: 'ide_not_ready', message: 'The editor did not answer.', action: 'start', fix: 'Retry.' },
  });
  beingCreated(world);
  world.accept(world.add('old-one'), 'delete', 'deleting');
  world.accept(world.add('going', aRunning), 'stop', 'stopping');
}

/** 6 GiB, of which 2 are free. */
export function full(world: World): void {
  const inForce = { cpus: 2, memoryMiB: 4096, diskGiB: 20 };
  const lastAccessedAt = new Date(Date.now() - 7_200_000).toISOString();
  world.host = { ...world.host, capacity: { ...world.host.capacity, budgetMiB: 6_144 } };
  world.add('notes', { ...aRunning, inForce, lastAccessedAt });
  world.add('thesis');
}

/** A workspace that is in the middle of being created. */
export function beingCreated(world: World): ReturnType<World['accept']> {
  const begun = world.accept(world.add('web-app', { status: 'creating', stopReason: null }), 'create', 'creating');
  world.step(begun.job.id, 'ensureInstance', 'running');
  world.step(begun.job.id, 'ensureInstance', 'succeeded');
  world.step(begun.job.id, 'ensureRunning', 'running');
  return begun;
}

/** An hour of use, a job that failed and one at work. */
export function busyHost(world: World): void {
  eachState(world);
  for (let minutes = 55; minutes > 0; minutes -= 1) {
    const at = new Date(Date.now() - minutes * 60_000).toISOString();
    world.samples.push({ at, running: 2, allottedMiB: minutes > 20 ? 8192 : 4096, memoryMiB: 2048, cpus: 1.5 });
  }
  const { job } = world.accept(world.add('crowded'), 'start', 'starting');
  world.finish(job.id, failure);
}

/** Ends the job of this kind, once the page has asked for it. */
export async function finishLast(world: World, kind: JobKind, error?: NonNullable<Job['error']>): Promise<void> {
  const last = () => [...world.jobs.values()].findLast((job) => job.kind === kind && job.finishedAt === null)?.id;
  await expect.poll(last).toBeDefined();
  world.finish(last() ?? '', error);
}
