/** Which image a new workspace is made from. Shown only where there is a choice. */
import { defaultImageName, type ImageRecord } from '@tidepool/core';
import { useId } from 'react';

export interface ImageFieldProps {
  readonly images: readonly ImageRecord[];
  /** null: the usual one. */
  readonly value: string | null;
  readonly onChange: (name: string) => void;
}

export function ImageField({ images, value, onChange }: ImageFieldProps) {
  const id = useId();
  const names = images.flatMap(({ name, current }) => (current ? [name] : [])).sort();
  if (names.length < 2) return null;
  return (
    <div className="field">
      <label htmlFor={id}>Image</label>
      <select
        id={id}
        className="input mono"
        value={value ?? defaultImageName}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      >
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <p className="help" id={`${id}-help`}>
        It keeps the version that is current now.
      </p>
    </div>
  );
}
