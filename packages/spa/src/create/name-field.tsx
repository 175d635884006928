/** The name: suggested, and whether it is free. */
import { type Host, type Workspace, workspacePath } from '@tidepool/core';
import { Link } from 'react-router';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { paths } from '../routing/paths.ts';
import { statusWords } from '../workspaces/status-words.ts';
import { withoutScheme, workspaceUrl } from '../workspaces/workspace-url.ts';
import type { NameCheck } from './use-name-check.ts';

export interface NameFieldProps {
  readonly value: string;
  readonly check: NameCheck;
  readonly error: string | undefined;
  readonly host: Host | undefined;
  readonly onChange: (name: string) => void;
  readonly onSuggest: () => void;
}

export function NameField({ value, check, error, host, onChange, onSuggest }: NameFieldProps) {
  return (
    <Field
      label="Name"
      className="mono"
      autoFocus
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      value={value}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => onChange(event.target.value)}
      error={error ?? (check.state === 'taken' ? <Taken workspace={check.workspace} /> : undefined)}
      help={<NameHelp name={value} check={check} host={host} />}
      beside={
        <button
          type="button"
          className="button button-plain button-icon"
          aria-label="Suggest another name"
          title="Suggest another name"
          onClick={onSuggest}
        >
          <Icon name="dice" />
        </button>
      }
    />
  );
}

function Taken({ workspace: { name, status } }: { readonly workspace: Workspace }) {
  return (
    <>
      Taken by <Link to={paths.workspace(name)}>{name}</Link>, which is {statusWords[status].toLowerCase()}.
    </>
  );
}

function NameHelp({
  name,
  check: { state },
  host,
}: Pick<NameFieldProps, 'check' | 'host'> & { readonly name: string }) {
  if (state === 'none' || state === 'taken' || !host) return '3 to 40 lower-case letters, digits and hyphens.';
  return (
    <>
      <CheckWords state={state} /> Opens at{' '}
      <code>{withoutScheme(workspaceUrl(host.origins, workspacePath(name)))}</code>
    </>
  );
}

function CheckWords({ state }: { readonly state: 'checking' | 'free' | 'unknown' }) {
  if (state === 'checking') return 'Checking.';
  if (state === 'unknown') return 'Could not be checked now.';
  return (
    <span className="good">
      <Icon name="check" /> Free.
    </span>
  );
}
