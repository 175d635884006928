/** The messages of `toasts.ts`, in the corner. F6 leads to them and back, as to a region of a desktop. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { FixAction } from '../components/fix-action.tsx';
import { Icon } from '../components/icon.tsx';
import { ProblemReference, ProblemText } from '../components/problem-note.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { useServices } from '../services/services.ts';
import type { Toast } from './toasts.ts';

export function ToastList() {
  const { toasts } = useServices();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  const list = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  const isEmpty = shown.length === 0;

  const giveBack = () => {
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
  };
  useEffect(() => {
    if (isEmpty) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || !list.current) return;
      event.preventDefault();
      if (list.current.contains(document.activeElement)) return giveBack();
      before.current = document.activeElement;
      list.current.focus();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  });
  return (
    // `aria-live`: what an open dialog hides from a screen reader, it leaves this out.
    <section
      ref={list}
      className="toasts"
      aria-label={isEmpty ? 'Messages' : 'Messages, F6 to go there and back'}
      aria-live="off"
      tabIndex={-1}
      onPointerEnter={toasts.hold}
      onPointerLeave={toasts.release}
      onFocus={toasts.hold}
      onBlur={toasts.release}
    >
      {shown.map((toast) => (
        <OneToast
          key={toast.id}
          toast={toast}
          onDismiss={() => {
            const hadFocus = list.current?.contains(document.activeElement) === true;
            toasts.dismiss(toast.id);
            if (hadFocus) giveBack();
          }}
        />
      ))}
    </section>
  );
}

function OneToast({ toast, onDismiss }: { readonly toast: Toast; readonly onDismiss: () => void }) {
  const { title, problem, workspaceName } = toast;
  return (
    <div className="toast" role={problem ? 'alert' : 'status'}>
      {problem ? <StatusShape status="error" /> : <Icon name="check" />}
      <div className="note-body">
        <p className="note-title">{title}</p>
        {problem && (
          <>
            <ProblemText problem={problem} title={title} />
            <div className="row">
              <FixAction problem={problem} workspaceName={workspaceName} onDone={onDismiss} />
            </div>
            <ProblemReference problem={problem} />
          </>
        )}
      </div>
      <button
        type="button"
        className="button button-quiet button-icon button-small"
        aria-label="Dismiss"
        onClick={onDismiss}
      >
        <Icon name="x" />
      </button>
    </div>
  );
}
