/** A labelled field with its help and its error, which a screen reader hears with it. */
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { Icon } from './icon.tsx';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  readonly label: string;
  readonly isOptional?: boolean;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  /** Beside the input, such as a button. */
  readonly beside?: ReactNode;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function Field({
  label,
  isOptional = false,
  help,
  error,
  beside,
  inputRef,
  className = '',
  ...input
}: FieldProps) {
  const id = useId();
  const helpId = `${id}-help`;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {isOptional && <span className="optional">(optional)</span>}
      </label>
      <div className="input-row">
        <input
          {...input}
          ref={inputRef}
          id={id}
          className={`input ${className}`}
          aria-invalid={error !== undefined}
          aria-describedby={helpId}
        />
        {beside}
      </div>
      <p className={error === undefined ? 'help' : 'help bad'} id={helpId} aria-live="polite">
        {error === undefined ? (
          help
        ) : (
          <>
            <Icon name="alert" /> {error}
          </>
        )}
      </p>
    </div>
  );
}
