/** The tide gauge: a host's memory as one bar, each part as wide as what it takes. */
import type { ReactNode } from 'react';

export interface GaugePart {
  readonly key: string;
  readonly mib: number;
  readonly look: 'taken' | 'free' | 'new' | 'over' | 'give';
  readonly label: ReactNode;
  readonly title?: string;
  /** How much of it is in use, from 0 to 1. */
  readonly filled?: number | undefined;
}

export function Gauge({ label, parts }: { readonly label: string; readonly parts: readonly GaugePart[] }) {
  return (
    <ul className="tide" aria-label={label}>
      {parts
        .filter(({ mib }) => mib > 0)
        .map(({ key, mib, look, label: text, title, filled }) => (
          <li key={key} className={`tide-${look}`} style={{ flexGrow: mib }} title={title}>
            {filled !== undefined && <i style={{ inlineSize: `${filled * 100}%` }} />}
            {text}
          </li>
        ))}
    </ul>
  );
}
