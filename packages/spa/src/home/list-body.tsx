/** What holds the rows, and hears their keys. */
import type { ReactNode, Ref } from 'react';
import type { RowFocus } from './use-row-focus.ts';
import { useRowKeys } from './use-row-keys.ts';

export interface ListBodyProps {
  readonly ref: Ref<HTMLTableSectionElement>;
  readonly focus: RowFocus;
  /** In pixels, where rows stand at places of their own. */
  readonly height?: number;
  /** Where only some of them are drawn: keeps the room of all. */
  readonly rowsInAll?: number;
  readonly children: ReactNode;
}

export function ListBody({ ref, focus, height, rowsInAll, children }: ListBodyProps) {
  const onRowKey = useRowKeys();
  return (
    <tbody
      // biome-ignore lint/a11y/noRedundantRoles: `display: grid` takes it away
      role="rowgroup"
      ref={ref}
      data-placed={height !== undefined || undefined}
      style={{ blockSize: height ?? (rowsInAll === undefined ? undefined : `calc(${rowsInAll} * var(--row))`) }}
      onKeyDown={(event) => {
        onRowKey(event);
        focus.onKeyDown(event);
      }}
      onFocus={focus.onFocus}
      onBlur={focus.onBlur}
    >
      {children}
    </tbody>
  );
}
