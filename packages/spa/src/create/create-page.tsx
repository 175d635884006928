/** New workspace: a name, perhaps a repository, a size, and what of the host is left for it. */
import type { Accepted } from '@tidepool/core';
import { type KeyboardEvent, type RefObject, useMemo, useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import { randomId } from '../api/random-id.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Keys } from '../components/keys.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useBlocked, useHost } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { formatAbout } from '../workspaces/durations.ts';
import { checkCreate, refusedFields } from './create-form.ts';
import { FitGauge } from './fit-gauge.tsx';
import { ImageField } from './image-field.tsx';
import { NameField } from './name-field.tsx';
import { SizeFields } from './size-fields.tsx';
import { SourceFields } from './source-fields.tsx';
import { useCreate } from './use-create.ts';
import { useCreateInput } from './use-create-input.ts';
import { useNameCheck } from './use-name-check.ts';

export function CreatePage() {
  usePageTitle('New workspace');
  const navigate = useNavigate();
  const { host } = useHost();
  const blocked = useBlocked();
  const form = useRef<HTMLFormElement>(null);
  const { input, draft, change, suggestAnother, forget } = useCreateInput(host);
  const { errors: mistakes, body } = checkCreate(input, host);

  const lead = ({ workspace, job }: Accepted) => {
    forget();
    void navigate(paths.watch(workspace.name), { state: { jobId: job.id, isLead: true } });
  };
  const { submit, isPending, refusal } = useCreate(lead);
  const sent = body && JSON.stringify(body);
  // It stands there until something is changed.
  const refused = refusal && JSON.stringify(refusal.body) === sent ? refusal.problem : null;
  const errors = { ...refusedFields(refused), ...mistakes };
  const looked = useNameCheck(input.name);
  // Its answer was lost: the name is taken by what this form asked for, and the same request gives that.
  const isOurs = sent !== null && draft.sent === sent && refused === null;
  const check = isOurs && looked.state === 'taken' ? ({ state: 'free' } as const) : looked;
  const isRight = body !== null && check.state !== 'taken';

  const onSubmit = () => {
    if (isPending || blocked !== undefined) return;
    if (!isRight || sent === null) return focusMistake(form);
    const key = draft.sent === sent && draft.key !== undefined ? draft.key : randomId();
    change({ name: body.name, sent, key });
    submit({ body, key });
  };
  useSubmitKey(onSubmit);
  return (
    <div className="narrow">
      <div className="head">
        <h1>New workspace</h1>
      </div>
      <form
        ref={form}
        className="panel"
        noValidate
        onKeyDown={submitsAt(onSubmit)}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className="panel-body stack-large">
          <NameField
            value={input.name}
            check={check}
            error={draft.name === undefined ? undefined : errors.name}
            host={host}
            onChange={(name) => change({ name })}
            onSuggest={suggestAnother}
          />
          <SourceFields
            git={input.git}
            branch={input.ref}
            gitError={errors.git}
            branchError={errors.ref}
            onGit={(git) => change({ git })}
            onBranch={(ref) => change({ ref })}
          />
          {host?.observed && (
            <ImageField
              images={host.observed.images}
              value={input.image}
              error={errors.image}
              onChange={(image) => change({ image })}
            />
          )}
          <div className="stack">
            <SizeFields value={input} errors={errors} host={host} onChange={change} />
            {host && <FitGauge host={host} memory={input.memory} />}
          </div>
          {refused && Object.keys(refusedFields(refused)).length === 0 && <ProblemNote problem={refused} />}
        </div>
        <footer className="panel-foot">
          <span className="first">
            {host && host.typical.createMs !== null && <>Usually ready in about {formatAbout(host.typical.createMs)}</>}
          </span>
          <Link className="button button-plain push" to={paths.home()} onClick={forget}>
            Cancel
          </Link>
          <ActionButton
            type="submit"
            look="primary"
            isPending={isPending}
            aria-keyshortcuts="Meta+Enter Control+Enter"
            why={blocked ?? (isRight ? undefined : 'Correct what is marked above first.')}
          >
            Create <Keys of="mod+Enter" />
          </ActionButton>
        </footer>
      </form>
    </div>
  );
}

/** ⌘↵ wherever the focus is. */
function useSubmitKey(onSubmit: () => void): void {
  const latest = useRef(onSubmit);
  latest.current = onSubmit;
  useShortcuts(
    useMemo(() => [{ key: 'mod+Enter', label: 'Create it', group: 'New workspace', run: () => latest.current() }], []),
  );
}

/** A browser submits at Enter only where the button can be pressed: with a mistake, Enter would do and say nothing. */
function submitsAt(onSubmit: () => void) {
  return (event: KeyboardEvent) => {
    const isPlain = event.key === 'Enter' && !event.metaKey && !event.ctrlKey && !event.nativeEvent.isComposing;
    if (!isPlain || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    onSubmit();
  };
}

function focusMistake(form: RefObject<HTMLFormElement | null>): void {
  form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
