/** New workspace: a name, a size, and what of the host is left for it. */
import type { Accepted, Host } from '@tidepool/core';
import { workspacePath } from '@tidepool/core';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { fieldProblem } from '../api/problem-of.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useBlocked, useHost, useWorkspaces } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { formatAbout } from '../workspaces/durations.ts';
import { memoryInput } from '../workspaces/size.ts';
import { suggestName } from '../workspaces/suggest-name.ts';
import { withoutScheme, workspaceUrl } from '../workspaces/workspace-url.ts';
import { type CreateInput, checkCreate } from './create-form.ts';
import { FitGauge } from './fit-gauge.tsx';
import { ImageField } from './image-field.tsx';
import { useCreate } from './use-create.ts';

export function CreatePage() {
  usePageTitle('New workspace');
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const { host } = useHost();
  const { workspaces, isComplete } = useWorkspaces();
  const blocked = useBlocked();
  const taken = new Set(workspaces.map(({ name }) => name));

  // Until something is typed, the fields show what is offered: it follows what is known, and what is typed stays.
  const [seed, setSeed] = useState(Math.random);
  const [typed, setTyped] = useState<Partial<CreateInput>>({});
  const [created, setCreated] = useState<string | null>(null);
  const input = {
    name: typed.name ?? query.get('name') ?? (isComplete ? suggestName(taken, () => seed) : ''),
    cpus: typed.cpus ?? (host ? String(host.defaults.cpus) : ''),
    memory: typed.memory ?? (host ? memoryInput(host.defaults.memoryMiB) : ''),
    disk: typed.disk ?? (host ? String(host.defaults.diskGiB) : ''),
    image: typed.image ?? null,
  };
  const capabilities = host?.observed?.runtime.capabilities;
  const isOurs = created === input.name;
  const { errors, body } = checkCreate(input, isOurs ? new Set() : taken, host);

  const lead = ({ workspace, job }: Accepted) => {
    setCreated(workspace.name);
    void navigate(paths.watch(workspace.name), { state: { jobId: job.id, isLead: true } });
  };
  const { submit, isPending, problem } = useCreate(lead);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (body) submit(body);
  };
  const nameError = errors.name ?? fieldProblem(problem, 'name');
  const hasTypedName = typed.name !== undefined || query.has('name') || problem !== null;

  return (
    <div className="narrow">
      <div className="head">
        <h1>New workspace</h1>
      </div>
      <form className="panel" onSubmit={onSubmit} noValidate>
        <div className="panel-body stack">
          <Field
            label="Name"
            className="mono"
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            value={input.name}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setTyped({ ...typed, name: event.target.value })}
            error={hasTypedName ? nameError : undefined}
            help={<NameHelp name={input.name} isFree={errors.name === undefined && input.name !== ''} host={host} />}
            beside={
              <button
                type="button"
                className="button button-plain button-icon"
                aria-label="Suggest another name"
                title="Suggest another name"
                onClick={() => {
                  setSeed(Math.random());
                  const { name: _, ...rest } = typed;
                  setTyped({ ...rest, name: suggestName(taken) });
                }}
              >
                <Icon name="dice" />
              </button>
            }
          />
          {host?.observed && (
            <ImageField
              images={host.observed.images}
              value={input.image}
              onChange={(image) => setTyped({ ...typed, image })}
            />
          )}
          <div className="grid-3">
            <Field
              label="CPUs"
              type="number"
              inputMode="numeric"
              min={1}
              max={64}
              step={1}
              value={input.cpus}
              onChange={(event) => setTyped({ ...typed, cpus: event.target.value })}
              error={errors.cpus ?? fieldProblem(problem, 'cpus')}
              help="Shared with the others, never refused."
            />
            <Field
              label="Memory, GiB"
              type="number"
              inputMode="decimal"
              min={0.5}
              step="any"
              value={input.memory}
              onChange={(event) => setTyped({ ...typed, memory: event.target.value })}
              error={errors.memory ?? fieldProblem(problem, 'memoryMiB')}
              help={capabilities?.limits === false ? 'Counted, not enforced on this host.' : 'Its own while it runs.'}
            />
            <Field
              label="Disk, GiB"
              type="number"
              inputMode="numeric"
              min={5}
              step={1}
              value={input.disk}
              onChange={(event) => setTyped({ ...typed, disk: event.target.value })}
              error={errors.disk ?? fieldProblem(problem, 'diskGiB')}
              help={capabilities?.diskLimit === false ? 'Noted, not enforced on this host.' : 'May grow later.'}
            />
          </div>
          {host && <FitGauge host={host} memory={input.memory} />}
          {problem && problem.fields.length === 0 && <ProblemNote problem={problem} />}
        </div>
        <footer className="panel-foot">
          <span className="first">
            {host && host.typical.createMs !== null && <>Usually ready in about {formatAbout(host.typical.createMs)}</>}
          </span>
          <Link className="button button-plain push" to={paths.home()}>
            Cancel
          </Link>
          <ActionButton
            type="submit"
            look="primary"
            isPending={isPending}
            why={blocked ?? (body ? undefined : 'Correct what is marked above first.')}
          >
            Create
          </ActionButton>
        </footer>
      </form>
    </div>
  );
}

interface NameHelpProps {
  readonly name: string;
  readonly isFree: boolean;
  readonly host: Host | undefined;
}

function NameHelp({ name, isFree, host }: NameHelpProps) {
  if (!isFree || !host) return '3 to 40 lower-case letters, digits and hyphens.';
  return (
    <>
      <span className="good">
        <Icon name="check" /> Free.
      </span>{' '}
      Opens at <code>{withoutScheme(workspaceUrl(host.origins, workspacePath(name)))}</code>
    </>
  );
}
