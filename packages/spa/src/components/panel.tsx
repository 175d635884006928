/** A titled part of a page. */
import { type ReactNode, useId } from 'react';

export interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly look?: 'plain' | 'danger';
  readonly children: ReactNode;
}

export function Panel({ title, aside, look = 'plain', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel panel-${look}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
