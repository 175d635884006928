/** All checks of the preflight. They change nothing. */
import type { Config, Finding } from '@tidepool/core';
import type { ImagePart } from '@tidepool/runtime';
import { isAlive } from '../process-identity.ts';
import { readProcessRecord } from '../supervisor/process-record.ts';
import { checkHome } from './check-home.ts';
import { checkIncus } from './check-incus.ts';
import { checkPorts } from './check-ports.ts';
import { checkCaddy, checkImageTools, checkSandboxTools } from './check-programs.ts';
import { checkQueue } from './check-queue.ts';
import { checkLimits, checkSandbox, checkTun } from './check-sandbox.ts';
import { checkDisk, checkMemory, checkSystem } from './check-system.ts';
import type { Host } from './host.ts';
import type { Check, Look } from './look.ts';
import { installCommands, systemOf } from './packages.ts';
import { realHost } from './real-host.ts';

/** In the order in which they are shown. */
const allChecks: readonly Check[] = [
  checkSystem,
  checkHome,
  checkDisk,
  checkMemory,
  checkCaddy,
  checkSandboxTools,
  checkImageTools,
  checkTun,
  checkSandbox,
  checkLimits,
  checkIncus,
  checkPorts,
  checkQueue,
];

/** What an image is built with. */
export const imageChecks: readonly Check[] = [checkSystem, checkDisk, checkImageTools];

export interface LookOptions {
  /** What of the image is yet to be made; what makes it is looked for only then. */
  readonly toBuild: readonly ImagePart[];
  /** Which checks; all unless told. */
  readonly checks?: readonly Check[];
}

export async function lookAtHost(config: Config, options: LookOptions, host: Host = realHost): Promise<Finding[]> {
  return toFindings(await look(config, options, host), host);
}

export async function look(config: Config, { toBuild, checks = allChecks }: LookOptions, host: Host): Promise<Look[]> {
  const question = { host, config, toBuild, ownPids: ownPids(config) };
  return (await Promise.all(checks.map((check) => check(question)))).flat();
}

/** Every missing package is in one command, so that it is run once. */
export function toFindings(looks: readonly Look[], host: Host): Finding[] {
  const missing = looks.flatMap(({ packages }) => packages ?? []);
  const install = installCommands(missing, systemOf(host), host.isRoot);
  return looks.map(({ packages = [], commands = [], ...look }) => {
    return { ...look, commands: [...commands, ...(packages.length > 0 ? install : [])] };
  });
}

/** What this home's Tidepool started, now or before it was killed. */
function ownPids({ paths }: Config): Set<number> {
  const recorded = Object.values(readProcessRecord(paths.run));
  return new Set(recorded.filter(isAlive).map(({ pid }) => pid));
}
