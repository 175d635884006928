/** Stand-in until the preflight is written (image/cli helper: replace this file). */
import type { Config, Finding } from '@tidepool/core';
import { ensureSandboxUser } from '@tidepool/runtime';

export async function lookAtHost(_config: Config, _options: { imageBuilt: boolean }): Promise<Finding[]> {
  return [];
}

export async function makeHostReady(
  _config: Config,
  _options: { imageBuilt: boolean; say: (line: string) => void; signal: AbortSignal },
): Promise<Finding[]> {
  await ensureSandboxUser();
  return [];
}
