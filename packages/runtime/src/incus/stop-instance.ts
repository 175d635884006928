/** Stopping, pausing and removing instances. */
import { TidepoolError } from '@tidepool/core';
import type { Operation } from '../runtime.ts';
import { amend, checkFence } from './amend.ts';
import { isBusy, isNotFound, untilIdle } from './busy.ts';
import { IncusError } from './client/incus-error.ts';
import { asFailure } from './incus-failure.ts';
import type { IncusHome } from './incus-home.ts';
import { changeState, stateOf } from './run-state.ts';
import { bury } from './tombstones.ts';

/** Seconds for a clean stop; its init gives programs 3 of them. By force it takes less than one more. */
const cleanStopSeconds = 5;
const mostAttempts = 10;

export async function stopInstance(home: IncusHome, id: string, operation: Operation): Promise<void> {
  const { signal } = operation;
  let force = false;
  for (let attempt = 1; ; attempt += 1) {
    const found = await amend(home, id, operation);
    if (found === null || stateOf(found) === 'stopped') return;
    try {
      // What is frozen does not hear that it is to end.
      if (stateOf(found) === 'paused') await changeState(home, id, { action: 'unfreeze' }, signal);
      await changeState(
        home,
        id,
        force ? { action: 'stop', force } : { action: 'stop', timeout: cleanStopSeconds },
        signal,
      );
      break;
    } catch (error) {
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      if (isBusy(error)) await untilIdle(home, id, signal);
      // Too slow, or stopped by itself meanwhile, which the next look finds.
      else force = true;
    }
  }
  await checkFence(home, id, operation);
}

export async function pauseInstance(home: IncusHome, id: string, operation: Operation): Promise<void> {
  await switchTo(home, id, operation, 'paused', 'freeze');
}

export async function resumeInstance(home: IncusHome, id: string, operation: Operation): Promise<void> {
  await switchTo(home, id, operation, 'running', 'unfreeze');
}

async function switchTo(
  home: IncusHome,
  id: string,
  operation: Operation,
  wanted: 'running' | 'paused',
  action: 'freeze' | 'unfreeze',
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await amend(home, id, operation);
    if (found === null || stateOf(found) === 'stopped') throw new TidepoolError('instance_not_running');
    if (stateOf(found) === wanted) break;
    try {
      await changeState(home, id, { action }, operation.signal);
      break;
    } catch (error) {
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      await untilIdle(home, id, operation.signal);
    }
  }
  await checkFence(home, id, operation);
}

export async function removeInstance(home: IncusHome, id: string, operation: Operation): Promise<void> {
  const { signal } = operation;
  for (let attempt = 1; ; attempt += 1) {
    const found = await amend(home, id, operation);
    if (found !== null && stateOf(found) !== 'stopped') {
      throw new TidepoolError('wrong_status', { detail: 'The workspace still runs.' });
    }
    await bury(home, id, operation);
    if (found === null) {
      // Whoever makes one from now on meets the note; one that was made before it is met here.
      if ((await home.find(id, signal)) === null) return;
      continue;
    }
    try {
      await home.client.change({ method: 'DELETE', path: home.instancePath(id) }, signal);
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof IncusError) || attempt === mostAttempts) throw asFailure(error, 'instance_failed');
      await untilIdle(home, id, signal);
    }
  }
}
