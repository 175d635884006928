/** What is shown in place of what threw. It uses nothing that may have broken. */
import { useRef, useState } from 'react';
import { copyText } from '../components/copy-text.ts';

export interface CrashNoteProps {
  readonly error: unknown;
  /** Of the whole page or of the view between its bars. */
  readonly what: 'page' | 'view';
  /** Draws the view anew, without loading the page. */
  readonly onTryAgain?: () => void;
}

export function CrashNote({ error, what, onTryAgain }: CrashNoteProps) {
  const [isCopied, setCopied] = useState<boolean | null>(null);
  const shown = useRef<HTMLPreElement>(null);
  const report = reportOf(error);
  const copy = async () => {
    const isDone = await copyText(report);
    if (!isDone && shown.current) getSelection()?.selectAllChildren(shown.current);
    setCopied(isDone);
  };
  return (
    <section className="panel broken" role="alert">
      <h1>{what === 'page' ? 'This page broke' : 'This view broke'}. Your workspaces did not.</h1>
      <p className="muted">They go on running, and what you had typed in a form is kept.</p>
      <div className="row">
        {onTryAgain && (
          <button type="button" className="button button-primary" onClick={onTryAgain}>
            Reload this view
          </button>
        )}
        <button
          type="button"
          className={`button ${onTryAgain ? 'button-plain' : 'button-primary'}`}
          onClick={() => location.reload()}
        >
          Reload the page
        </button>
        <a className="button button-plain" href="/app/">
          All workspaces
        </a>
      </div>
      <details>
        <summary>What to send with a report</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
        <pre className="log" tabIndex={0} ref={shown}>
          {report}
        </pre>
        <button type="button" className="button button-plain button-small" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy the details'}
        </button>
        <p className="help" role="status">
          {isCopied === false && 'This browser does not let it be copied. It is selected: copy it by hand.'}
        </p>
      </details>
    </section>
  );
}

function reportOf(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`page_crashed ${location.pathname}`, new Date().toISOString(), navigator.userAgent, what].join('\n');
}
