/** Shown in place of a page that threw. It uses nothing that may have broken. */
export function CrashPage({ error }: { readonly error: unknown }) {
  const report = [location.pathname, error instanceof Error ? (error.stack ?? error.message) : String(error)].join(
    '\n',
  );
  return (
    <main className="page">
      <section className="panel broken" role="alert">
        <h1>This page broke. Your workspaces did not.</h1>
        <p className="muted">They go on running. Loading the page again brings it back.</p>
        <div className="row">
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Load it again
          </button>
          <a className="button button-plain" href="/app/">
            Go to all workspaces
          </a>
        </div>
        <details>
          <summary>What to send with a report</summary>
          <pre className="log">{report}</pre>
        </details>
      </section>
    </main>
  );
}
