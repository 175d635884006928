/** Which runtime a configuration means on this machine. A home stays with the runtime that has its workspaces. */
import { type Config, type Finding, type RuntimeKind, TidepoolError } from '@tidepool/core';
import { readHomeRuntime } from './home-runtime.ts';
import { createIncusClient } from './incus/client/incus-client.ts';
import { network, pool, project } from './incus/client/replies.ts';
import { readServer } from './incus/instance-type.ts';
import { instanceIds } from './sandbox/instance-files.ts';

export interface RuntimeChoice {
  readonly kind: RuntimeKind;
  /** Why it is the sandbox and not Incus; null where nobody would ask. */
  readonly finding: Finding | null;
}

/** Milliseconds for Incus to answer. */
const patience = 5_000;

/** @throws TidepoolError `invalid_config` where another runtime is named than the one that has the home's workspaces */
export async function chooseRuntime(config: Config, signal: AbortSignal): Promise<RuntimeChoice> {
  const settled = readHomeRuntime(config.home);
  if (config.runtime !== 'auto') {
    if (settled !== null && settled !== config.runtime) throw hasOthers(config, settled);
    return { kind: config.runtime, finding: null };
  }
  // Whether or not it answers at this moment.
  if (settled !== null && settled !== 'sandbox') return { kind: settled, finding: null };
  if (process.platform === 'darwin') return { kind: 'tart', finding: null };
  const lacking = await lookAtIncus(config, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
  const sandboxes = instanceIds(config.paths.sandboxes).length;
  if (lacking === null && settled === null && sandboxes === 0) return { kind: 'incus', finding: null };
  const detail =
    lacking === null
      ? `Incus is ready, but ${sandboxes === 1 ? 'a workspace of this home is a sandbox' : `${sandboxes} workspaces of this home are sandboxes`}: it stays with them.`
      : `Workspaces are sandboxes. ${lacking.message}`;
  const fix =
    lacking === null
      ? 'To use Incus, delete these workspaces, or choose another TIDEPOOL_HOME.'
      : 'For stronger isolation run `tidepool setup incus` as root.';
  return { kind: 'sandbox', finding: { id: 'incus', title: 'Incus', status: 'ok', detail, fix, commands: [] } };
}

function hasOthers({ home, runtime }: Config, settled: RuntimeKind): TidepoolError {
  const detail = `The workspaces of ${home} run on ${settled}, and TIDEPOOL_RUNTIME is ${runtime}.`;
  const fix = `Use TIDEPOOL_RUNTIME=${settled} or leave it out. For ${runtime} choose another TIDEPOOL_HOME, or delete these workspaces first.`;
  return new TidepoolError('invalid_config', { detail, fix });
}

/** Why Incus is of no use here; null where it is set up. */
async function lookAtIncus({ incus }: Config, signal: AbortSignal): Promise<Error | null> {
  try {
    const client = createIncusClient(incus.place);
    try {
      await readServer(client, signal);
      const found = await Promise.all([
        client.find(`/1.0/projects/${incus.project}`, project, signal),
        client.find(`/1.0/networks/${incus.network}`, network, signal),
        client.find(`/1.0/storage-pools/${incus.pool}`, pool, signal),
      ]);
      if (!found.includes(null)) return null;
      return new TidepoolError('runtime_not_set_up', { detail: 'Incus is there and not set up for Tidepool.' });
    } finally {
      await client.close();
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
