/** A problem's fix as one press, where there is one on this page. */
import type { Problem } from '@tidepool/core';
import { Link, useLocation } from 'react-router';
import { fixOf } from '../api/fix-of.ts';
import { useServices } from '../services/services.ts';

export interface FixActionProps {
  readonly problem: Problem;
  readonly workspaceName?: string | undefined;
  /** It was taken. */
  readonly onDone?: () => void;
}

const look = 'button button-plain button-small';

export function FixAction({ problem, workspaceName, onDone }: FixActionProps) {
  const { reconnect } = useServices();
  const { pathname } = useLocation();
  const fix = fixOf(problem, workspaceName);
  if (!fix) return null;
  const { label, does } = fix;
  if (typeof does === 'object') {
    // It leads to where the reader is already.
    if (does.to === pathname) return null;
    return (
      <Link className={look} to={does.to} onClick={onDone}>
        {label}
      </Link>
    );
  }
  const run = () => {
    if (does === 'reload') location.reload();
    else reconnect();
    onDone?.();
  };
  return (
    <button type="button" className={look} onClick={run}>
      {label}
    </button>
  );
}
