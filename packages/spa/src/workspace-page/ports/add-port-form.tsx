/** Registering a port: checked by core's schema, refused with the reason at the field. */

import { useMutation } from '@tanstack/react-query';
import { type AddPortBody, maxPorts, type Workspace } from '@tidepool/core';
import { type FormEvent, useRef, useState } from 'react';
import { fieldProblem, isPassing, problemOf } from '../../api/problem-of.ts';
import { randomId } from '../../api/random-id.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBlocked } from '../../live/hooks.ts';
import { useServices } from '../../services/services.ts';
import { checkPort, type PortInput } from './port-form.ts';

const blank: PortInput = { port: '', label: '', stripPrefix: true };

export function AddPortForm({ workspace }: { readonly workspace: Workspace }) {
  const { client, known } = useServices();
  const blocked = useBlocked();
  const [input, setInput] = useState(blank);
  // An error is told when the field is left or the form sent, not at the first digit.
  const [isLeft, setLeft] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ body, key }: { body: AddPortBody; key: string }) =>
      client('addPort', { params: { id: workspace.id }, body, idempotencyKey: key }),
    retry: (failures, thrown) => failures < 2 && isPassing(thrown),
    onSuccess: (changed) => {
      known.put(changed.workspace);
      setInput(blank);
      setLeft(false);
      first.current?.focus();
    },
  });
  const { errors, body } = checkPort(input, workspace.ports);
  const problem = error && problemOf(error);
  const change = (next: Partial<PortInput>) => {
    setInput({ ...input, ...next });
    if (error) reset();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setLeft(true);
    if (body) mutate({ body, key: randomId() });
    else first.current?.focus();
  };
  const full = workspace.ports.length >= maxPorts ? `${maxPorts} are registered already. Remove one first.` : undefined;
  const deleting = workspace.status === 'deleting' ? 'It is being deleted.' : undefined;

  return (
    <Panel title="Add a port" aside={<p>Nothing has to listen yet.</p>}>
      <form className="panel-body stack" onSubmit={onSubmit} noValidate>
        <div className="grid-2">
          <Field
            label="Port"
            className="mono"
            inputMode="numeric"
            autoComplete="off"
            placeholder="3000"
            inputRef={first}
            value={input.port}
            onChange={(event) => change({ port: event.target.value })}
            onBlur={() => setLeft(input.port !== '')}
            error={(isLeft ? errors.port : undefined) ?? fieldProblem(problem, 'port')}
            help="1024 to 65535."
          />
          <Field
            label="Label"
            isOptional
            autoComplete="off"
            placeholder="web"
            value={input.label}
            onChange={(event) => change({ label: event.target.value })}
            error={errors.label ?? fieldProblem(problem, 'label')}
            help="What it is, for you."
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={input.stripPrefix}
            onChange={(event) => change({ stripPrefix: event.target.checked })}
          />
          <span>
            Strip the path prefix
            <span className="help">
              The program sees <code>/</code>. Keep the prefix for programs that are told their own path.
            </span>
          </span>
        </label>
        {problem && problem.fields.length === 0 && <ProblemNote problem={problem} />}
        <div className="row row-end">
          <ActionButton type="submit" why={blocked ?? deleting ?? full} isPending={isPending}>
            Add port
          </ActionButton>
        </div>
      </form>
    </Panel>
  );
}
