/** Registering a port: checked by core's schema while it is typed, refused with the reason at the field. */
import { useMutation } from '@tanstack/react-query';
import { type AddPortBody, maxPorts, type Workspace } from '@tidepool/core';
import { type FormEvent, type RefObject, useState } from 'react';
import { fieldProblem, isPassing, problemOf } from '../../api/problem-of.ts';
import { randomId } from '../../api/random-id.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useDraft } from '../../drafts/use-draft.ts';
import { useBlocked } from '../../live/hooks.ts';
import { useServices } from '../../services/services.ts';
import { checkPort, isBegun, type PortInput } from './port-form.ts';
import { PrefixChoice } from './prefix-choice.tsx';

const blank: PortInput = { port: '', label: '', stripPrefix: true };

export interface AddPortFormProps {
  readonly workspace: Workspace;
  /** The first field, where the focus goes back to. */
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function AddPortForm({ workspace, inputRef }: AddPortFormProps) {
  const { client, known, toasts } = useServices();
  const blocked = useBlocked();
  const { value: input, set, forget } = useDraft(`port.${workspace.id}`, blank);
  const [isSent, setSent] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ body, key }: { body: AddPortBody; key: string }) =>
      client('addPort', { params: { id: workspace.id }, body, idempotencyKey: key }),
    retry: (failures, thrown) => failures < 2 && isPassing(thrown),
    onSuccess: (changed, { body }) => {
      known.put(changed.workspace);
      toasts.say(`Port ${body.port} registered`);
      forget();
      setSent(false);
      inputRef.current?.focus();
    },
  });
  const { errors, body } = checkPort(input, workspace.ports);
  const problem = error && problemOf(error);
  const change = (next: Partial<PortInput>) => {
    set({ ...input, ...next });
    setSent(false);
    if (error) reset();
  };
  const full = workspace.ports.length >= maxPorts ? `${maxPorts} are registered already. Remove one first.` : undefined;
  const deleting = workspace.status === 'deleting' ? 'It is being deleted.' : undefined;
  const why = blocked ?? deleting ?? full;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (why !== undefined || isPending) return;
    setSent(true);
    if (body) mutate({ body, key: randomId() });
    else inputRef.current?.focus();
  };
  // The first digits of a right number are no mistake yet.
  const portError = isSent || !isBegun(input.port) ? errors.port : undefined;

  return (
    <Panel title="Add a port" aside={<p>Nothing has to listen yet.</p>}>
      <form className="panel-body stack" onSubmit={onSubmit} noValidate>
        <div className="grid-2 port-fields">
          <Field
            label="Port"
            className="mono"
            inputMode="numeric"
            autoComplete="off"
            placeholder="3000"
            inputRef={inputRef}
            value={input.port}
            onChange={(event) => change({ port: event.target.value })}
            error={portError ?? fieldProblem(problem, 'port')}
            help="Where your program listens inside, 1024 to 65535."
          />
          <Field
            label="Label"
            isOptional
            placeholder="web"
            autoComplete="off"
            value={input.label}
            onChange={(event) => change({ label: event.target.value })}
            error={errors.label ?? fieldProblem(problem, 'label')}
            help="What it is, for you."
          />
        </div>
        <PrefixChoice
          workspaceName={workspace.name}
          port={input.port}
          isStripped={input.stripPrefix}
          onChange={(stripPrefix) => change({ stripPrefix })}
        />
        {problem && problem.fields.length === 0 && <ProblemNote problem={problem} />}
        <div className="row row-end">
          <ActionButton type="submit" why={why} isPending={isPending}>
            Add port
          </ActionButton>
        </div>
      </form>
    </Panel>
  );
}
