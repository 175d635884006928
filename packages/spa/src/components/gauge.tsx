/** The tide gauge: a host's memory as one bar, each part as wide as what it takes. */
import type { ReactNode } from 'react';

export interface GaugePartProps {
  readonly mib: number;
  readonly look: 'taken' | 'free' | 'new' | 'over' | 'give';
  readonly label: ReactNode;
  readonly title?: string;
  /** How much of it is in use, from 0 to 1. */
  readonly filled?: number | undefined;
}

export function Gauge({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className="tide" aria-label={label}>
      {children}
    </ul>
  );
}

/** Nothing where it takes nothing. */
export function GaugePart({ mib, look, label, title, filled }: GaugePartProps) {
  if (mib <= 0) return null;
  return (
    <li className={`tide-${look}`} style={{ flexGrow: mib }} title={title}>
      {filled !== undefined && <i style={{ inlineSize: `${filled * 100}%` }} />}
      {label}
    </li>
  );
}
