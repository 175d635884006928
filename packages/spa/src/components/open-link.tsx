/** The way into a workspace or to one of its ports, in a new tab. */
import type { ReactNode } from 'react';
import { useOrigins } from '../live/hooks.ts';
import { workspaceUrl } from '../workspaces/workspace-url.ts';
import { Icon } from './icon.tsx';

export interface OpenLinkProps {
  /** On the workspace origin. */
  readonly path: string;
  /** Such as `Open notes in a new tab`; the words in view where absent. */
  readonly label?: string;
  /** What a pointer is told; «In a new tab» where absent. */
  readonly title?: string;
  readonly className: string;
  readonly children: ReactNode;
  readonly hasIcon?: boolean;
}

export function OpenLink({ path, label, title = 'In a new tab', className, children, hasIcon = false }: OpenLinkProps) {
  const origins = useOrigins();
  return (
    <a
      className={className}
      href={origins && workspaceUrl(origins, path)}
      target="_blank"
      rel="noopener"
      title={title}
      aria-label={label}
    >
      {children} {hasIcon && <Icon name="open" />}
    </a>
  );
}
