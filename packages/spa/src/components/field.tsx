/**
 * A labelled field with its help and its error, which a screen reader hears with it: on Base UI's, which ties them together.
 * What is right is core's schemas' to say, while it is typed: so nothing of Base UI's own validation is used.
 */
import { Field as BaseField } from '@base-ui/react/field';
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'defaultValue'> {
  readonly label: ReactNode;
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
  return (
    <BaseField.Root className="field" invalid={error !== undefined}>
      <BaseField.Label>
        {label} {isOptional && <span className="optional">(optional)</span>}
      </BaseField.Label>
      <div className="input-row">
        <BaseField.Control {...input} ref={inputRef} className={`input ${className}`} />
        {beside}
      </div>
      <FieldNote help={help} error={error} />
    </BaseField.Root>
  );
}

/** Inside of Base UI's `Field.Root`, with whatever control. */
export function FieldNote({ help, error }: Pick<FieldProps, 'help' | 'error'>) {
  return (
    <BaseField.Description className={error === undefined ? 'help' : 'help bad'} aria-live="polite">
      {error === undefined ? (
        help
      ) : (
        <>
          <Icon name="alert" /> {error}
        </>
      )}
    </BaseField.Description>
  );
}
