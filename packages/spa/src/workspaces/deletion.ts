/** Which workspace somebody is asked about before it is deleted: from a row, its page or the palette. */
import { createStore } from '../live/store.ts';

export interface Deletion {
  readonly workspaceId: string;
  readonly onAccepted?: () => void;
}

export const deletion = createStore<Deletion | null>(null);

export function askToDelete(workspaceId: string, onAccepted?: () => void): void {
  deletion.set({ workspaceId, ...(onAccepted ? { onAccepted } : {}) });
}
