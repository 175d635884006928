/** CPUs, memory and disk: changed at once, in force at the next start. */

import { useMutation } from '@tanstack/react-query';
import type { UpdateWorkspaceBody, Workspace } from '@tidepool/core';
import { type FormEvent, useState } from 'react';
import { fieldProblem, problemOf } from '../../api/problem-of.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBlocked, useHost } from '../../live/hooks.ts';
import { useServices } from '../../services/services.ts';
import { memoryInput } from '../../workspaces/size.ts';
import { checkSize } from './check-size.ts';

export function SizeForm({ workspace }: { readonly workspace: Workspace }) {
  const { client, known, toasts } = useServices();
  const blocked = useBlocked();
  const limited = useHost().host?.observed?.runtime.capabilities.diskLimit !== false;
  const [typed, setTyped] = useState<{ cpus?: string; memory?: string; disk?: string }>({});
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: UpdateWorkspaceBody) => client('updateWorkspace', { params: { id: workspace.id }, body }),
    onSuccess: (changed) => {
      known.put(changed);
      setTyped({});
      toasts.say('Saved. In force at the next start');
    },
  });
  const problem = error && problemOf(error);
  const cpus = typed.cpus ?? String(workspace.cpus);
  const disk = typed.disk ?? String(workspace.diskGiB);
  const { errors, body } = checkSize({ cpus, memory: typed.memory ?? null, disk }, workspace);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (body) mutate(body);
  };
  const hasErrors = Object.keys(errors).length > 0;
  const unchanged = hasErrors ? 'Correct what is marked above first.' : 'No changes to save.';
  return (
    <Panel title="Size">
      <form className="panel-body stack" onSubmit={onSubmit} noValidate>
        <div className="grid-3">
          <Field
            label="CPUs"
            type="number"
            min={1}
            max={64}
            value={cpus}
            onChange={(event) => setTyped({ ...typed, cpus: event.target.value })}
            error={errors.cpus ?? fieldProblem(problem, 'cpus')}
          />
          <Field
            label="Memory, GiB"
            type="number"
            min={0.5}
            step="any"
            value={typed.memory ?? memoryInput(workspace.memoryMiB)}
            onChange={(event) => setTyped({ ...typed, memory: event.target.value })}
            error={errors.memory ?? fieldProblem(problem, 'memoryMiB')}
          />
          <Field
            label="Disk, GiB"
            type="number"
            min={workspace.diskGiB}
            step={1}
            value={disk}
            onChange={(event) => setTyped({ ...typed, disk: event.target.value })}
            error={errors.disk ?? fieldProblem(problem, 'diskGiB')}
            help={limited ? 'Grows, and never shrinks.' : 'Noted, not enforced on this host.'}
          />
        </div>
        <div className="note note-info">
          <Icon name="info" />
          <p>
            <b>In force at the next start.</b> What runs now keeps its size until then.
          </p>
        </div>
        {problem && problem.fields.length === 0 && <ProblemNote problem={problem} />}
        <div className="row row-end">
          <ActionButton type="submit" why={blocked ?? (body ? undefined : unchanged)} isPending={isPending}>
            Save
          </ActionButton>
        </div>
      </form>
    </Panel>
  );
}
