/** What one check gives: a finding, and what of the system's packages would mend it. */
import type { Config, Finding } from '@tidepool/core';
import type { ImagePart } from '@tidepool/runtime';
import type { Host } from './host.ts';
import type { PackageName } from './packages.ts';

export interface Look extends Omit<Finding, 'commands'> {
  readonly commands?: readonly string[];
  /** Missing packages: they are installed as root on Debian and Ubuntu, else named in one command. */
  readonly packages?: readonly PackageName[];
}

export interface Question {
  readonly host: Host;
  readonly config: Config;
  /** What of the image is yet to be made. */
  readonly toBuild: readonly ImagePart[];
  /** Processes of this home's own Tidepool: what they hold is not taken. */
  readonly ownPids: ReadonlySet<number>;
}

export type Check = (question: Question) => Promise<Look[]>;

export function ok(id: string, title: string, detail: string): Look {
  return { id, title, status: 'ok', detail, fix: null };
}

/** Whether workspaces run in sandboxes on this host. */
export function usesSandbox({ runtime }: Config): boolean {
  return runtime === 'auto' || runtime === 'sandbox';
}
