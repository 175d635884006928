/** One line of the palette. */
import type { Status } from '@tidepool/core';
import type { IconName } from '../components/icon.tsx';

export interface Entry {
  /** The same for the same thing whenever it is offered: recent ones are kept by it. */
  readonly id: string;
  readonly group: Group;
  /** A drawing, or the shape of a status. */
  readonly mark: IconName | Status;
  readonly label: readonly Part[];
  /** Beside the label; `why` stands in its place. */
  readonly hint?: string;
  /** Found by these words too. */
  readonly alias?: string;
  /** It is about what the page shows now. */
  readonly isHere?: boolean;
  /** Why it cannot be done now. */
  readonly why?: string | undefined;
  /** The shortcut that does the same. */
  readonly shortcut?: string;
  readonly run: () => void;
  /** With ⌘ or Ctrl held: in a new tab. */
  readonly runBeside?: () => void;
}

/** Names and numbers are set in mono. */
export type Part = string | { readonly mono: string };

export const groups = ['Recent', 'Workspaces', 'Do', 'Ports', 'Go to', 'New'] as const;
export type Group = (typeof groups)[number];

export function textOf(label: readonly Part[]): string {
  return label.map((part) => (typeof part === 'string' ? part : part.mono)).join('');
}
