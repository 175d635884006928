/** A status as a shape of its own, that reads in black and white at 12 px. The word always stands beside it. */
import type { Status } from '@tidepool/core';
import type { ReactNode } from 'react';

const busy = (
  <g strokeWidth="2.2">
    <circle cx="8" cy="8" r="5.4" strokeOpacity=".25" />
    <path d="M8 2.6a5.4 5.4 0 0 1 5.4 5.4" />
  </g>
);

const shapes = {
  creating: busy,
  starting: busy,
  running: <circle cx="8" cy="8" r="5" fill="currentColor" stroke="none" />,
  stopping: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M3 8.4h10a5 5 0 0 1-10 0z" fill="currentColor" stroke="none" />
    </>
  ),
  stopped: <circle cx="8" cy="8" r="4.9" />,
  error: (
    <path
      d="M6.9 2.2a1.27 1.27 0 0 1 2.2 0l5 9.2a1.27 1.27 0 0 1-1.1 1.9H3a1.27 1.27 0 0 1-1.1-1.9zM7.15 5.4v3.5h1.7V5.4zm0 4.6v1.7h1.7V10z"
      fill="currentColor"
      fillRule="evenodd"
      stroke="none"
    />
  ),
  deleting: (
    <>
      <circle cx="8" cy="8" r="6" strokeDasharray="1.6 3.11" />
      <path d="m6 6 4 4m0-4-4 4" />
    </>
  ),
} as const satisfies Record<Status, ReactNode>;

export function StatusShape({ status }: { readonly status: Status }) {
  return (
    <svg
      className="status-shape"
      data-status={status}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      {shapes[status]}
    </svg>
  );
}
