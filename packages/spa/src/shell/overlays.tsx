/** What may lie over any page: the palette, the list of keys, the offer of room, the question before deleting, the tooltip. */
import { type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { problemOf } from '../api/problem-of.ts';
import { TooltipLayer } from '../components/tooltip.tsx';
import { useKnown } from '../live/hooks.ts';
import type { Store } from '../live/store.ts';
import { palette } from '../palette/palette.ts';
import { CapacityDialog, DeleteDialog, fetchLater, KeysDialog, PaletteDialog } from '../routing/later.ts';
import { useServices } from '../services/services.ts';
import { deletion } from '../workspaces/deletion.ts';
import { keysList } from './keys-list.ts';

export function Overlays() {
  const isPaletteOpen = useStore(palette);
  const areKeysOpen = useStore(keysList);
  const isLater = useFirstLoadOver();
  return (
    <>
      <Overlay>{isPaletteOpen && <PaletteDialog onClose={() => palette.set(false)} />}</Overlay>
      <Overlay>{areKeysOpen && <KeysDialog onClose={() => keysList.set(false)} />}</Overlay>
      <Overlay>{isLater && <CapacityDialog />}</Overlay>
      <Overlay>
        <Deletion />
      </Overlay>
      <Overlay>
        <TooltipLayer />
      </Overlay>
    </>
  );
}

/** Of one that is deleted meanwhile, nothing is asked any more. */
function Deletion() {
  const asked = useStore(deletion);
  const workspace = useKnown((state) => state.workspaces.get(asked?.workspaceId ?? ''));
  if (!asked || !workspace) return null;
  return (
    <DeleteDialog
      workspace={workspace}
      onClose={() => deletion.set(null)}
      {...(asked.onAccepted ? { onAccepted: asked.onAccepted } : {})}
    />
  );
}

/** Fetches what was not needed so far. */
function useFirstLoadOver(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    void fetchLater().then(() => setOver(true));
  }, []);
  return isOver;
}

/** One that breaks takes neither the page nor the others with it. */
function Overlay({ children }: { readonly children: ReactNode }) {
  const { toasts } = useServices();
  return (
    <ErrorBoundary
      fallback={null}
      onError={(error) => toasts.problem(problemOf(error), 'What lay over the page broke')}
    >
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  );
}

function useStore<Value>(store: Pick<Store<Value>, 'get' | 'subscribe'>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
