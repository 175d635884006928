/** Which image a new workspace is made from. Shown only where there is a choice. */
import { defaultImageName, type ImageRecord } from '@tidepool/core';
import { useId } from 'react';
import { Icon } from '../components/icon.tsx';

export interface ImageFieldProps {
  readonly images: readonly ImageRecord[];
  /** null: the usual one. */
  readonly value: string | null;
  readonly error: string | undefined;
  readonly onChange: (name: string) => void;
}

export function ImageField({ images, value, error, onChange }: ImageFieldProps) {
  const id = useId();
  const names = images.flatMap(({ name, current }) => (current ? [name] : [])).sort();
  if (names.length < 2 && error === undefined) return null;
  return (
    <div className="field">
      <label htmlFor={id}>Image</label>
      <select
        id={id}
        className="input mono"
        value={value ?? defaultImageName}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      >
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <p className={error === undefined ? 'help' : 'help bad'} id={`${id}-help`}>
        {error === undefined ? (
          'It keeps the version that is current now.'
        ) : (
          <>
            <Icon name="alert" /> {error}
          </>
        )}
      </p>
    </div>
  );
}
