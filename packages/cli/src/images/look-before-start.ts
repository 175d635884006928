/** What the preflight is to look at: the runtime that this home has, and what of its image is yet to be built. */
import { type Config, type Finding, TidepoolError } from '@tidepool/core';
import { chooseRuntime, type ImagePart } from '@tidepool/runtime';
import { lookAtHost } from '../preflight/index.ts';
import { realHost } from '../preflight/real-host.ts';
import { asImageRuntime, type ImageTarget, openImageTarget } from './image-target.ts';

export interface StartPlan {
  /** With the runtime that `auto` means here. */
  readonly config: Config;
  /** Where its image is; null where Tidepool builds none. */
  readonly target: ImageTarget | null;
  /** What a build has to make; null where the image is there, or nobody can tell. */
  readonly missing: readonly ImagePart[] | null;
}

/** Milliseconds to find out. */
const patience = 30_000;

/** @throws TidepoolError `image_failed` where none can be built on this system */
export async function planStart(config: Config, signal: AbortSignal): Promise<StartPlan> {
  const limits = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const { kind } = await chooseRuntime(config, limits);
  const chosen = { ...config, runtime: kind };
  const runtime = asImageRuntime(kind);
  if (runtime === null) return { config: chosen, target: null, missing: null };
  const target = openImageTarget(config, runtime, realHost);
  return { config: chosen, target, missing: await missingOf(target, limits) };
}

/** Changes nothing. */
export async function lookBeforeStart(config: Config, signal: AbortSignal): Promise<Finding[]> {
  try {
    const plan = await planStart(config, signal);
    await plan.target?.close();
    return await lookAtHost(plan.config, { toBuild: plan.missing ?? [] });
  } catch (error) {
    if (!(error instanceof TidepoolError && error.code === 'image_failed')) throw error;
    const { message: detail, fix } = error;
    const finding: Finding = { id: 'image', title: 'Workspace image', status: 'failed', detail, fix, commands: [] };
    return [...(await lookAtHost(config, { toBuild: [] })), finding];
  }
}

/** A runtime that does not answer is a finding of its own. */
async function missingOf(target: ImageTarget, signal: AbortSignal): Promise<readonly ImagePart[] | null> {
  try {
    return await target.missing(signal);
  } catch (error) {
    if (error instanceof TidepoolError && error.code !== 'image_failed') return null;
    throw error;
  }
}
