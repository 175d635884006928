/** Deleting takes the typed name: it is the one thing that cannot be undone. */
import type { Workspace } from '@tidepool/core';
import { type FormEvent, useState } from 'react';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { useBlocked } from '../live/hooks.ts';
import { useAct } from './use-act.ts';
import { whyDisabled } from './verbs.ts';
import { WhatIsLost } from './what-is-lost.tsx';

export interface DeleteDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
  readonly onAccepted?: () => void;
}

export function DeleteDialog({ workspace, onClose, onAccepted }: DeleteDialogProps) {
  const { name } = workspace;
  const [typed, setTyped] = useState('');
  const { act, isPending } = useAct();
  const blocked = useBlocked();
  const why =
    whyDisabled('delete', workspace, blocked) ?? (typed === name ? undefined : `Type ${name} above, then this works.`);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (why !== undefined || isPending) return;
    const isAccepted = await act('delete', workspace);
    onClose();
    if (isAccepted) onAccepted?.();
  };
  return (
    <Dialog
      title={
        <>
          Delete <span className="mono">{name}</span>
        </>
      }
      intro="Gone for good, with no way back:"
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <WhatIsLost workspace={workspace} />
          <Field
            label={
              <>
                Type <span className="mono">{name}</span> to confirm
              </>
            }
            className="mono"
            autoComplete="off"
            spellCheck={false}
            autoCapitalize="none"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            help={typed === name ? 'This cannot be undone.' : 'The button works once the name is right.'}
          />
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button button-plain push" onClick={onClose}>
            Keep it
          </button>
          <ActionButton type="submit" look="danger" why={why} isPending={isPending}>
            Delete workspace
          </ActionButton>
        </footer>
      </form>
    </Dialog>
  );
}
