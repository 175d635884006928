/** In place of a workspace's page: there is none of that name, or not any more. */
import { useQueryClient } from '@tanstack/react-query';
import type { Problem } from '@tidepool/core';
import { Link } from 'react-router';
import { ProblemNote } from '../components/problem-note.tsx';
import { workspaceQuery } from '../live/queries.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { useServices } from '../services/services.ts';
import { NotFoundPage } from '../shell/not-found-page.tsx';

export function UnknownWorkspace({ name, problem }: { readonly name: string; readonly problem: Problem }) {
  const services = useServices();
  const queryClient = useQueryClient();
  if (problem.code === 'workspace_not_found') return <NotFoundPage what={`There is no workspace “${name}”`} />;
  const { queryKey } = workspaceQuery(services, name);
  return (
    <ProblemNote problem={problem} title={`“${name}” could not be read`}>
      <button
        type="button"
        className="button button-plain button-small"
        onClick={() => void queryClient.refetchQueries({ queryKey })}
      >
        Try again
      </button>
    </ProblemNote>
  );
}

export function GonePage({ name }: { readonly name: string }) {
  usePageTitle(`${name} is deleted`);
  return (
    <section className="panel broken">
      <h1>
        <span className="mono">{name}</span> is deleted
      </h1>
      <p className="muted">Its disk, ports and logs are gone. Its name is free again.</p>
      <div className="row">
        <Link className="button button-primary" to={paths.home()}>
          All workspaces
        </Link>
      </div>
    </section>
  );
}
