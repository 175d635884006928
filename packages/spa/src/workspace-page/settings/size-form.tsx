/** CPUs, memory and disk: changed at once, applied at the next start. */
import { useMutation } from '@tanstack/react-query';
import type { UpdateWorkspaceBody, Workspace } from '@tidepool/core';
import type { FormEvent } from 'react';
import { fieldProblem, problemOf } from '../../api/problem-of.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useDraft } from '../../drafts/use-draft.ts';
import { useBlocked, useHost } from '../../live/hooks.ts';
import { useServices } from '../../services/services.ts';
import { memoryInput } from '../../workspaces/size.ts';
import { checkSize } from './check-size.ts';
import { WhenApplied } from './when-applied.tsx';

interface Typed {
  readonly cpus?: string;
  readonly memory?: string;
  readonly disk?: string;
}

const untouched: Typed = {};

export function SizeForm({ workspace }: { readonly workspace: Workspace }) {
  const { client, known, toasts } = useServices();
  const blocked = useBlocked();
  const capabilities = useHost().host?.observed?.runtime.capabilities;
  const { value: typed, set, forget } = useDraft(`size.${workspace.id}`, untouched);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (body: UpdateWorkspaceBody) => client('updateWorkspace', { params: { id: workspace.id }, body }),
    onSuccess: (changed) => {
      known.put(changed);
      forget();
      toasts.say('Saved. Applies at the next start');
    },
  });
  const problem = error && problemOf(error);
  const change = (next: Typed) => {
    set({ ...typed, ...next });
    if (error) reset();
  };
  const cpus = typed.cpus ?? String(workspace.cpus);
  const disk = typed.disk ?? String(workspace.diskGiB);
  const { errors, body } = checkSize({ cpus, memory: typed.memory ?? null, disk }, workspace);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (body && blocked === undefined && !isPending) mutate(body);
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
            onChange={(event) => change({ cpus: event.target.value })}
            error={errors.cpus ?? fieldProblem(problem, 'cpus')}
          />
          <Field
            label="Memory, GiB"
            type="number"
            min={0.5}
            step="any"
            value={typed.memory ?? memoryInput(workspace.memoryMiB)}
            onChange={(event) => change({ memory: event.target.value })}
            error={errors.memory ?? fieldProblem(problem, 'memoryMiB')}
            help={capabilities?.limits === false ? 'Counted, not enforced on this host.' : undefined}
          />
          <Field
            label="Disk, GiB"
            type="number"
            min={workspace.diskGiB}
            step={1}
            value={disk}
            onChange={(event) => change({ disk: event.target.value })}
            error={errors.disk ?? fieldProblem(problem, 'diskGiB')}
            help={capabilities?.diskLimit === false ? 'Noted, not enforced on this host.' : 'Grows, and never shrinks.'}
          />
        </div>
        {problem && problem.fields.length === 0 && <ProblemNote problem={problem} />}
        <WhenApplied workspace={workspace} />
        <div className="row row-end">
          <ActionButton type="submit" why={blocked ?? (body ? undefined : unchanged)} isPending={isPending}>
            Save
          </ActionButton>
        </div>
      </form>
    </Panel>
  );
}
