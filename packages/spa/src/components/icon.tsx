/** Drawings on a 16 px grid, 1.4 px strokes, painted with the text's colour. In the page itself: no image request, no `data:`. */
import type { ReactNode } from 'react';

const drawings = {
  search: <path d="m10.5 10.5 3.5 3.5M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z" />,
  plus: <path d="M8 3v10M3 8h10" />,
  more: (
    <g fill="currentColor" stroke="none">
      <circle cx="3.2" cy="8" r="1.35" />
      <circle cx="8" cy="8" r="1.35" />
      <circle cx="12.8" cy="8" r="1.35" />
    </g>
  ),
  open: <path d="M9 3h4v4M13 3 7.5 8.5M11.5 9.5v3a.5.5 0 0 1-.5.5H3.5a.5.5 0 0 1-.5-.5V5a.5.5 0 0 1 .5-.5h3" />,
  play: <path d="M5 3.3v9.4L12.6 8z" fill="currentColor" />,
  stop: <rect x="3.5" y="3.5" width="9" height="9" rx="1.2" fill="currentColor" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2.4" />,
  retry: <path d="M13 8a5 5 0 1 1-1.5-3.6L13 5.9M13 2.5v3.4H9.6" />,
  arrow: <path d="M8 3v10m-3.5-3.5L8 13l3.5-3.5" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.3" />
      <path d="M10.5 3.2a.7.7 0 0 0-.7-.7H3.2a.7.7 0 0 0-.7.7v6.6c0 .4.3.7.7.7" />
    </>
  ),
  check: <path d="m3 8.5 3.3 3.3L13 4.8" strokeWidth="1.9" />,
  x: <path d="m4 4 8 8m0-8-8 8" />,
  right: <path d="M6 3.5 10.5 8 6 12.5" />,
  previous: <path d="M3.5 10 8 5.5l4.5 4.5" />,
  next: <path d="M3.5 6 8 10.5 12.5 6" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1" />
    </>
  ),
  moon: <path d="M13 9.6A5.6 5.6 0 1 1 6.4 3a4.5 4.5 0 0 0 6.6 6.6z" />,
  trash: <path d="M2.8 4.3h10.4M6.3 4.3V2.8h3.4v1.5M4.2 4.3l.6 8.9h6.4l.6-8.9" />,
  down: <path d="M8 2.5v8m-3.3-3L8 10.8l3.3-3.3M3 13.5h10" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3V11M8 4.9V5" />
    </>
  ),
  alert: <path d="M8 2.3 14.3 13H1.7zM8 6.5v3M8 11.2v.1" />,
  keyboard: (
    <>
      <rect x="1.8" y="4" width="12.4" height="8" rx="1.5" />
      <path d="M4.6 6.7v.1M7 6.7v.1M9.4 6.7v.1M11.6 6.7v.1M5.5 9.4h5" />
    </>
  ),
  log: <path d="M3 4h10M3 8h7M3 12h9" />,
  gear: (
    <>
      <circle cx="8" cy="8" r="2" />
      <path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M3.6 12.4 5 11M11 5l1.4-1.4" />
    </>
  ),
  dice: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
      <path d="M5.7 5.7v.1M10.3 10.3v.1M8 8v.1M10.3 5.7v.1M5.7 10.3v.1" strokeWidth="1.9" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.3" r="2.6" />
      <path d="M2.8 13.5a5.2 5.2 0 0 1 10.4 0" />
    </>
  ),
  bot: (
    <>
      <rect x="3" y="5.5" width="10" height="7.5" rx="1.5" />
      <path d="M8 5.5v-3M6 9v.1M10 9v.1" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(drawings, name);
}

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
