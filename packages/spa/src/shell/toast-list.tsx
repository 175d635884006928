/** The messages of `toasts.ts`, in the corner. */
import { useSyncExternalStore } from 'react';
import { Icon } from '../components/icon.tsx';
import { ProblemReference, ProblemText } from '../components/problem-note.tsx';
import { StatusShape } from '../components/status-shape.tsx';
import { useServices } from '../services/services.ts';
import type { Toast } from './toasts.ts';

export function ToastList() {
  const { toasts } = useServices();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <section className="toasts" aria-label="Messages">
      {shown.map((toast) => (
        <OneToast key={toast.id} toast={toast} onDismiss={() => toasts.dismiss(toast.id)} />
      ))}
    </section>
  );
}

function OneToast({ toast: { title, problem }, onDismiss }: { readonly toast: Toast; readonly onDismiss: () => void }) {
  return (
    <div className="toast" role={problem ? 'alert' : 'status'}>
      {problem ? <StatusShape status="error" /> : <Icon name="check" />}
      <div className="note-body">
        <p className="note-title">{title}</p>
        {problem && <ProblemText problem={problem} title={title} />}
        {problem && <ProblemReference problem={problem} />}
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
