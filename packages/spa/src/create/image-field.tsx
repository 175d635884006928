/** Which image a new workspace is made from. Shown only where there is a choice. */
import { Field } from '@base-ui/react/field';
import { defaultImageName, type ImageRecord } from '@tidepool/core';
import { FieldNote } from '../components/field.tsx';

export interface ImageFieldProps {
  readonly images: readonly ImageRecord[];
  /** null: the usual one. */
  readonly value: string | null;
  readonly error: string | undefined;
  readonly onChange: (name: string) => void;
}

export function ImageField({ images, value, error, onChange }: ImageFieldProps) {
  const names = images.flatMap(({ name, current }) => (current ? [name] : [])).sort();
  if (names.length < 2 && error === undefined) return null;
  return (
    <Field.Root className="field" invalid={error !== undefined}>
      <Field.Label>Image</Field.Label>
      <Field.Control
        className="input mono"
        value={value ?? defaultImageName}
        onValueChange={onChange}
        render={
          <select>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        }
      />
      <FieldNote help="It keeps the version that is current now." error={error} />
    </Field.Root>
  );
}
