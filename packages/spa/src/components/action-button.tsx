/**
 * A button that says why it cannot be pressed. It stays in the tab order then: the reason is its description, and is shown
 * where a pointer or the focus is on it.
 */
import { type ButtonHTMLAttributes, type ReactNode, useId } from 'react';
import { Tooltip } from './tooltip.tsx';

export interface ActionButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'title'> {
  /** Why it cannot be pressed now; it can where absent. */
  readonly why?: string | undefined;
  /** An answer is awaited: a second press does nothing. */
  readonly isPending?: boolean;
  readonly look?: 'plain' | 'primary' | 'soft' | 'quiet' | 'danger';
  readonly size?: 'small';
  readonly children: ReactNode;
}

export function ActionButton({
  why,
  isPending = false,
  look = 'plain',
  size,
  onClick,
  className = '',
  type = 'button',
  children,
  ...rest
}: ActionButtonProps) {
  const reasonId = useId();
  const isOff = why !== undefined;
  return (
    <Tooltip text={why} className={`action ${className}`}>
      <button
        {...rest}
        type={isOff || isPending ? 'button' : type}
        className={`button button-${look}${size ? ' button-small' : ''}`}
        aria-disabled={isOff || undefined}
        aria-busy={isPending || undefined}
        aria-describedby={isOff ? reasonId : rest['aria-describedby']}
        onClick={(event) => {
          if (!isOff && !isPending) onClick?.(event);
        }}
      >
        {children}
      </button>
      {isOff && (
        <span className="sr" id={reasonId} role="tooltip">
          {why}
        </span>
      )}
    </Tooltip>
  );
}
