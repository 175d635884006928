/** `tidepool create NAME`: a new workspace, followed until it runs. */
import { type Config, type CreateWorkspaceBody, workspacePath } from '@tidepool/core';
import type { Terminal } from './environment.ts';
import { complain, followJob } from './follow-job.ts';
import { ownApi } from './own-api.ts';

export interface CreateOptions {
  readonly config: Config;
  readonly body: CreateWorkspaceBody;
  readonly terminal: Terminal;
}

/** @returns 0 where it runs with all that was asked for, else 1. @throws TidepoolError what the API refuses */
export async function create({ config, body, terminal }: CreateOptions): Promise<number> {
  const api = ownApi(config);
  const { job } = await api('createWorkspace', { body, idempotencyKey: crypto.randomUUID() });
  const ended = await followJob(api, job, { doing: `Creating ${body.name}`, terminal });
  if (ended.status !== 'succeeded') return complain(ended, terminal);
  terminal.say(`${body.name} runs: ${workspacePath(body.name)}`);
  const { source } = await api('getWorkspace', { params: { id: body.name } });
  if (!source?.error) return 0;
  terminal.complain(
    `Its repository was not cloned. ${source.error.message}\n${source.error.fix}\nTo try again: tidepool clone-source ${body.name}`,
  );
  return 1;
}
