/** After Tidepool itself, or its host, ended: what ran then can be started again with one click. */
import type { Workspace } from '@tidepool/core';
import { memo, useState } from 'react';
import { ActionButton } from '../components/action-button.tsx';
import { Icon } from '../components/icon.tsx';
import { useBlocked } from '../live/hooks.ts';
import { keep, readKept } from '../storage/kept.ts';
import { plural } from '../workspaces/durations.ts';
import { useAct } from '../workspaces/use-act.ts';

const dismissedKey = 'tidepool.shutdown-dismissed';

export const ShutdownBanner = memo(function ShutdownBanner({ ended }: { readonly ended: readonly Workspace[] }) {
  const [dismissed, setDismissed] = useState(() => readKept('local', dismissedKey));
  const [isStarting, setStarting] = useState(false);
  const { act } = useAct();
  const blocked = useBlocked();
  // This ending, not the next one.
  const key = ended.map(({ id }) => id).join(' ');
  if (ended.length === 0 || (dismissed === key && !isStarting)) return null;

  const startAll = async () => {
    setStarting(true);
    for (const workspace of ended) {
      // One that is refused has said so; those after it would be refused for the same reason.
      if (!(await act('start', workspace))) break;
    }
    setStarting(false);
  };
  const dismiss = () => {
    keep('local', dismissedKey, key);
    setDismissed(key);
  };
  const one = ended.length === 1;
  return (
    <section className="note note-info shutdown" aria-label="Stopped with Tidepool">
      <Icon name="info" />
      <div className="note-body">
        <p className="note-title">
          {plural(ended.length, 'workspace')} {one ? 'was' : 'were'} running when {whatEnded(ended)}
        </p>
        <p className="mono">{ended.map(({ name }) => name).join(', ')}</p>
      </div>
      <div className="row">
        <button type="button" className="button button-quiet button-small" onClick={dismiss}>
          Not now
        </button>
        <ActionButton size="small" why={blocked} isPending={isStarting} onClick={() => void startAll()}>
          Start {one ? 'it' : 'them'} again
        </ActionButton>
      </div>
    </section>
  );
});

function whatEnded(ended: readonly Workspace[]): string {
  const byHost = ended.every(({ stopReason }) => stopReason === 'host_restarted');
  return byHost ? 'the host was restarted' : 'Tidepool last ended';
}
