/** The messages of `toasts.ts`, in the corner. F6 leads to them and back, as to a region of a desktop. */
import { type FocusEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import { FixAction } from '../components/fix-action.tsx';
import { Icon } from '../components/icon.tsx';
import { Keys } from '../components/keys.tsx';
import { ProblemReference, ProblemText } from '../components/problem-note.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { useServices } from '../services/services.ts';
import type { Toast } from './toasts.ts';

export function ToastList() {
  const { toasts } = useServices();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  const list = useRef<HTMLElement>(null);
  const before = useRef<Node | null>(null);
  const isEmpty = shown.length === 0;

  // A text to be copied takes the focus by itself.
  const remember = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && !list.current?.contains(relatedTarget)) before.current = relatedTarget;
    toasts.hold();
  };
  const giveBack = () => {
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
  };
  useEffect(() => {
    if (isEmpty) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || !list.current) return;
      event.preventDefault();
      if (list.current.contains(document.activeElement)) return giveBack();
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
      onFocus={remember}
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
  const { title, problem, workspaceName, text } = toast;
  return (
    <div className="toast" role={problem ? 'alert' : 'status'}>
      {problem ? <StatusShape status="error" /> : <Icon name={text === undefined ? 'check' : 'copy'} />}
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
        {text !== undefined && <TextToCopy text={text} onDone={onDismiss} />}
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

/** Selected and with the focus, so that one press of the keys copies it. */
function TextToCopy({ text, onDone }: { readonly text: string; readonly onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is selected anew
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [text]);
  return (
    <>
      <p>
        It is selected here: press <Keys of="mod+c" />, or hold it with a finger.
      </p>
      <input
        ref={field}
        className="input mono"
        aria-label="To be copied by hand"
        readOnly
        value={text}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onKeyDown={({ key }) => {
          if (key === 'Escape') onDone();
        }}
      />
    </>
  );
}
