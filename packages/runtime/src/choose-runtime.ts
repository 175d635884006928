/** Which runtime `auto` means on this machine. A home stays with the runtime that has its instances. */
import { type Config, type Finding, type RuntimeKind, TidepoolError } from '@tidepool/core';
import { createIncusClient } from './incus/client/incus-client.ts';
import { network, pool, project } from './incus/client/replies.ts';
import { hasIncusIdentity } from './incus/incus-home.ts';
import { readServer } from './incus/instance-type.ts';
import { instanceIds } from './sandbox/instance-files.ts';

export interface RuntimeChoice {
  readonly kind: RuntimeKind;
  /** Why it is the sandbox and not Incus; null where nobody would ask. */
  readonly finding: Finding | null;
}

/** Milliseconds for Incus to answer. */
const patience = 5_000;

export async function chooseRuntime(config: Config, signal: AbortSignal): Promise<RuntimeChoice> {
  if (config.runtime !== 'auto') return { kind: config.runtime, finding: null };
  if (process.platform === 'darwin') return { kind: 'tart', finding: null };
  const lacking = await lookAtIncus(config, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
  const isGone =
    lacking instanceof TidepoolError && (lacking.code === 'runtime_missing' || lacking.code === 'runtime_not_set_up');
  // Its workspaces are there, whether or not Incus answers at this moment. Where it was taken away none are left.
  if (hasIncusIdentity(config.home) && !isGone) return { kind: 'incus', finding: null };
  const sandboxes = instanceIds(config.paths.sandboxes).length;
  if (lacking === null && sandboxes === 0) return { kind: 'incus', finding: null };
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
