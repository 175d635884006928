/** An address that leads nowhere. */
import { Link } from 'react-router';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';

export function NotFoundPage({ what = 'There is no such page' }: { readonly what?: string }) {
  usePageTitle(what);
  return (
    <section className="panel broken">
      <h1>{what}</h1>
      <p className="muted">The address may be mistyped, or what it led to has been deleted.</p>
      <div className="row">
        <Link className="button button-primary" to={paths.home()}>
          All workspaces
        </Link>
      </div>
    </section>
  );
}
