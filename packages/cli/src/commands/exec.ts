/** `tidepool exec NAME -- COMMAND…`: the operator's way into a workspace, over the runtime's port. */
import type { Readable, Writable } from 'node:stream';
import { type Config, TidepoolError } from '@tidepool/core';
import { createRuntime } from '@tidepool/runtime';
import { pino } from 'pino';
import { ownApi } from './own-api.ts';

export interface ExecOptions {
  readonly config: Config;
  readonly name: string;
  readonly command: readonly string[];
  readonly streams: { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable };
  readonly signal: AbortSignal;
}

/** @returns the command's exit code. @throws TidepoolError `workspace_not_found`, `instance_not_running`, `not_ready` */
export async function exec({ config, name, command, streams, signal }: ExecOptions): Promise<number> {
  const workspace = await ownApi(config)('getWorkspace', { params: { id: name } });
  if (workspace.status !== 'running') {
    throw new TidepoolError('instance_not_running', { detail: `${workspace.name} is ${workspace.status}.` });
  }
  const runtime = await createRuntime(config, pino({ level: 'silent' }));
  return runtime.exec(workspace.id, command, streams, signal);
}
