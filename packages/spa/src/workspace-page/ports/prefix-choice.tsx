/** What a program behind a port sees of the path: a choice of two, each with what it is for. */
import { portPath } from '@tidepool/core';
import { useId } from 'react';

export interface PrefixChoiceProps {
  readonly workspaceName: string;
  /** As typed; it need not be a port yet. */
  readonly port: string;
  readonly isStripped: boolean;
  readonly onChange: (isStripped: boolean) => void;
}

export function PrefixChoice({ workspaceName, port, isStripped, onChange }: PrefixChoiceProps) {
  const name = useId();
  const prefix = portPath(workspaceName, Number(port) || 3000);
  return (
    <fieldset className="prefix-choice">
      <legend>Path prefix</legend>
      <label className="check">
        <input type="radio" name={name} checked={isStripped} onChange={() => onChange(true)} />
        <span>
          Stripped
          <span className="help">
            The program sees <code>/</code>. Right for most.
          </span>
        </span>
      </label>
      <label className="check">
        <input type="radio" name={name} checked={!isStripped} onChange={() => onChange(false)} />
        <span>
          Kept
          <span className="help">
            The program sees <code>{prefix}</code>. For one that is told this as its base path, such as a development
            server with hot reload.
          </span>
        </span>
      </label>
    </fieldset>
  );
}
