/** Workspaces that a flow makes and leaves. */
import type { Tidepool } from '../../tidepool.ts';

let last = 0;

/** Never one that was there before, so that a flow can be walked again. */
export function newName(): string {
  last += 1;
  return `made-${last}`;
}

/** Nobody waits for its end. */
export async function forgetWorkspace(tidepool: Tidepool, name: string): Promise<void> {
  await tidepool.api('deleteWorkspace', { params: { id: name } });
}
