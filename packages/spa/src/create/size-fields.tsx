/** How large: a choice of sizes, and what they stand for as fields that can be changed. */
import type { Host } from '@tidepool/core';
import { useId } from 'react';
import { Field } from '../components/field.tsx';
import type { CreateErrors, CreateInput } from './create-form.ts';
import { sizePresets } from './size-presets.ts';

type Size = Pick<CreateInput, 'cpus' | 'memory' | 'disk'>;

export interface SizeFieldsProps {
  readonly value: Size;
  readonly errors: CreateErrors;
  readonly host: Host | undefined;
  readonly onChange: (change: Partial<Record<keyof Size, string>>) => void;
}

export function SizeFields({ value: { cpus, memory, disk }, errors, host, onChange }: SizeFieldsProps) {
  const limits = host?.observed?.runtime.capabilities.limits;
  return (
    <fieldset className="stack-small">
      <legend className="field-legend">Size</legend>
      {host && <Presets host={host} cpus={cpus} memory={memory} onChange={onChange} />}
      <div className="size-fields" data-disk={disk !== null || undefined}>
        <Field
          label="CPUs"
          type="number"
          inputMode="numeric"
          min={1}
          max={64}
          step={1}
          value={cpus}
          onChange={(event) => onChange({ cpus: event.target.value })}
          error={errors.cpus}
          help="Shared with the others, never refused."
        />
        <Field
          label="Memory, GiB"
          type="number"
          inputMode="decimal"
          min={0.5}
          step="any"
          value={memory}
          onChange={(event) => onChange({ memory: event.target.value })}
          error={errors.memory}
          help={limits === false ? 'Counted, not enforced on this host.' : 'Its own while it runs.'}
        />
        {disk !== null && (
          <Field
            label="Disk, GiB"
            type="number"
            inputMode="numeric"
            min={5}
            step={1}
            value={disk}
            onChange={(event) => onChange({ disk: event.target.value })}
            error={errors.disk}
            help="May grow later."
          />
        )}
      </div>
    </fieldset>
  );
}

interface PresetsProps extends Pick<SizeFieldsProps, 'onChange'> {
  readonly host: Host;
  readonly cpus: string;
  readonly memory: string;
}

function Presets({ host, cpus, memory, onChange }: PresetsProps) {
  const name = useId();
  return (
    <div className="size-presets">
      {sizePresets(host).map((preset) => (
        <label className="size-preset" key={preset.label}>
          <input
            type="radio"
            name={name}
            checked={Number(preset.cpus) === Number(cpus) && preset.memory === memory.trim()}
            onChange={() => onChange({ cpus: preset.cpus, memory: preset.memory })}
          />
          <b>{preset.label}</b>
          <span className="mono">
            <span>{preset.cpuWords},</span> <span>{preset.memoryWords}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
