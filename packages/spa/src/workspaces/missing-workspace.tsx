/** In place of a workspace's page: there is none of that name, or not any more. */
import type { Problem } from '@tidepool/core';
import { Link } from 'react-router';
import { ProblemNote } from '../components/problem-note.tsx';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { NotFoundPage } from '../shell/not-found-page.tsx';

export function UnknownWorkspace({ name, problem }: { readonly name: string; readonly problem: Problem }) {
  if (problem.code === 'workspace_not_found') return <NotFoundPage what={`There is no workspace “${name}”`} />;
  return <ProblemNote problem={problem} title={`“${name}” could not be read`} />;
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
