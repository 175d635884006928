/** What was refused or failed, whole: what happened, what to do, and the request id to copy. */
import type { Problem } from '@tidepool/core';
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { FixAction } from './fix-action.tsx';
import { Icon } from './icon.tsx';

export interface ProblemNoteProps {
  readonly problem: Problem;
  readonly title?: string;
  /** Whose change was refused or failed. */
  readonly workspaceName?: string | undefined;
  /** What can be done about it here. */
  readonly children?: ReactNode;
}

export function ProblemNote({ problem, title = problem.title, workspaceName, children }: ProblemNoteProps) {
  return (
    <div className="note note-error" role="alert">
      <Icon name="alert" />
      <div className="note-body">
        <p className="note-title">{title}</p>
        <ProblemText problem={problem} title={title} />
        <div className="row">
          {children}
          <FixAction problem={problem} workspaceName={workspaceName} />
        </div>
        <ProblemReference problem={problem} />
      </div>
    </div>
  );
}

/** Detail and fix; what only repeats the title is left out. */
export function ProblemText({ problem, title }: { readonly problem: Problem; readonly title: string }) {
  const { detail, fix } = problem;
  const repeats = detail.replace(/\.$/, '') === title.replace(/\.$/, '');
  return (
    <>
      {!repeats && <p>{detail}</p>}
      {fix !== '' && <p>{fix}</p>}
    </>
  );
}

export function ProblemReference({ problem: { code, requestId } }: { readonly problem: Problem }) {
  if (requestId === undefined) return null;
  const reference = `${code} · ${requestId}`;
  return (
    <p className="reference">
      <code>{reference}</code>
      <CopyButton text={reference} label="Copy code and request id" />
    </p>
  );
}
