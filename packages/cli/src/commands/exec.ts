/** `tidepool exec NAME -- COMMAND…`: the operator's way into a workspace, over the runtime's port. */
import type { Readable, Writable } from 'node:stream';
import { ApiError, type Config, TidepoolError, type Workspace } from '@tidepool/core';
import { createRuntime } from '@tidepool/runtime';
import { pino } from 'pino';
import { readCredentials } from '../home/secrets.ts';
import { localApi } from './local-api.ts';

export interface ExecOptions {
  readonly config: Config;
  readonly name: string;
  readonly command: readonly string[];
  readonly streams: { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable };
  readonly signal: AbortSignal;
}

/** @returns the command's exit code. @throws TidepoolError `workspace_not_found`, `instance_not_running`, `not_ready` */
export async function exec({ config, name, command, streams, signal }: ExecOptions): Promise<number> {
  const workspace = await find(config, name);
  if (workspace.status !== 'running') {
    throw new TidepoolError('instance_not_running', { detail: `${workspace.name} is ${workspace.status}.` });
  }
  const runtime = await createRuntime(config, pino({ level: 'silent' }));
  return runtime.exec(workspace.id, command, streams, signal);
}

async function find(config: Config, name: string): Promise<Workspace> {
  const credentials = readCredentials(config);
  if (credentials === null) {
    throw new TidepoolError('not_ready', {
      detail: `Tidepool was never started on ${config.home}.`,
      fix: 'Start it with `npm start`, or name its home in TIDEPOOL_HOME.',
    });
  }
  const api = localApi(config, credentials);
  try {
    return await api('getWorkspace', { params: { id: name } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.problem.code === 'workspace_not_found')
      throw new TidepoolError('workspace_not_found', { detail: `There is no workspace ${name}.`, cause: error });
    throw new TidepoolError('not_ready', { detail: error.problem.detail, fix: error.problem.fix, cause: error });
  }
}
