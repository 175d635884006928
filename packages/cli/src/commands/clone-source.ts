/** `tidepool clone-source NAME`: the repository that a workspace was to begin with, once more. */
import type { Config } from '@tidepool/core';
import type { Terminal } from './environment.ts';
import { complain, followJob } from './follow-job.ts';
import { ownApi } from './own-api.ts';

export interface CloneSourceOptions {
  readonly config: Config;
  readonly name: string;
  readonly terminal: Terminal;
}

/** @returns 0 where it is cloned, else 1. @throws TidepoolError what the API refuses */
export async function cloneSource({ config, name, terminal }: CloneSourceOptions): Promise<number> {
  const api = ownApi(config);
  const { workspace, job } = await api('cloneSource', {
    params: { id: name },
    idempotencyKey: crypto.randomUUID(),
  });
  const doing = `Cloning the repository of ${workspace.name}`;
  const ended = await followJob(api, job, { doing, terminal });
  if (ended.status !== 'succeeded') return complain(ended, terminal);
  terminal.say(`${workspace.name} has ${workspace.source?.git ?? 'its repository'} in its project folder.`);
  return 0;
}
