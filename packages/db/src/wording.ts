/** What the activity says to people: a sentence for each kind of job and step. */
import type { Action, JobKind, StepName } from '@tidepool/core';

interface JobWords {
  readonly requested: string;
  readonly claimed: string;
  readonly done: string;
  /** Completes «Could not …: why». */
  readonly verb: string;
}

export const jobWords = {
  create: { requested: 'Creation requested', claimed: 'Creating it', done: 'Created and started', verb: 'create it' },
  start: { requested: 'Start requested', claimed: 'Starting it', done: 'Started', verb: 'start it' },
  stop: { requested: 'Stop requested', claimed: 'Stopping it', done: 'Stopped', verb: 'stop it' },
  restart: { requested: 'Restart requested', claimed: 'Restarting it', done: 'Restarted', verb: 'restart it' },
  delete: { requested: 'Deletion requested', claimed: 'Deleting it', done: 'Deleted', verb: 'delete it' },
  routes: {
    requested: 'Change of its ports requested',
    claimed: 'Changing its ports',
    done: 'Ports changed',
    verb: 'change its ports',
  },
  source: {
    requested: 'Cloning of its repository requested',
    claimed: 'Cloning its repository',
    done: 'Repository cloned',
    verb: 'clone its repository',
  },
} as const satisfies Record<JobKind, JobWords>;

/** Completes «It is being …», «It was … 2 s ago». */
export const past = {
  create: 'created',
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  delete: 'deleted',
} as const satisfies Record<Action, string>;

export const stepWords = {
  removeRoutes: { started: 'Closing its addresses', done: 'Addresses closed', failed: 'Closing its addresses failed' },
  stopInstance: { started: 'Stopping the machine', done: 'Machine stopped', failed: 'Stopping the machine failed' },
  removeInstance: {
    started: 'Removing the machine and its disk',
    done: 'Machine and disk removed',
    failed: 'Removing the machine failed',
  },
  removeLogs: { started: 'Removing its logs', done: 'Logs removed', failed: 'Removing its logs failed' },
  ensureInstance: { started: 'Making the machine', done: 'Machine made', failed: 'Making the machine failed' },
  ensureRunning: { started: 'Starting the machine', done: 'Machine running', failed: 'Starting the machine failed' },
  ensureAddress: { started: 'Finding its address', done: 'Address found', failed: 'Finding its address failed' },
  cloneSource: {
    started: 'Cloning its repository',
    done: 'Repository cloned',
    failed: 'Cloning its repository failed',
  },
  ensureIde: { started: 'Waiting for the editor', done: 'Editor ready', failed: 'The editor did not get ready' },
  ensureRoutes: { started: 'Opening its addresses', done: 'Addresses open', failed: 'Opening its addresses failed' },
} as const satisfies Record<StepName, { started: string; done: string; failed: string }>;

/** `0.4 s`, `12 s`. */
export function inSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
