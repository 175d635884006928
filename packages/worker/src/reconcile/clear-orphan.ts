/** An instance without a workspace: removed only where a tombstone says that its workspace was deleted. */
import type { Instance } from '@tidepool/runtime';
import type { ReconcileParts } from './reconcile.ts';

/** `unknown`: nobody knows whose data it holds; it is left as it is, for a person to decide. */
export async function clearOrphan(
  { store, runtime, log }: ReconcileParts,
  { id }: Instance,
  signal: AbortSignal,
): Promise<'removed' | 'owned' | 'unknown'> {
  // Made since the workspaces were read.
  if (store.workspace(id) !== null) return 'owned';
  if (store.tombstone(id) === null) return 'unknown';
  const instance = await runtime.inspect(id, signal);
  if (instance === null) return 'removed';
  const operation = { fence: instance.fence, signal };
  await runtime.stop(id, operation);
  await runtime.remove(id, operation);
  log.warn({ workspaceId: id }, 'instance of a deleted workspace removed');
  return 'removed';
}
