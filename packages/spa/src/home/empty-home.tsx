/** No workspace yet: one sentence, one button, what will happen. */
import { Link } from 'react-router';
import { Gauge } from '../components/gauge.tsx';
import { Icon } from '../components/icon.tsx';
import { useHost } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { formatAbout, plural } from '../workspaces/durations.ts';
import { formatCpus, formatMemory } from '../workspaces/size.ts';

export function EmptyHome() {
  const { host } = useHost();
  const { createMs = null, steps } = host?.typical ?? {};
  const makeMs = steps?.ensureInstance ?? null;
  const room = host && Math.floor(host.capacity.freeMiB / host.defaults.memoryMiB);
  return (
    <section className="panel empty">
      <div>
        <h2>Your first machine is one click away</h2>
        <p className="muted">
          A workspace is a Linux machine of its own with VS Code in a browser tab. What you do in it stays on this host,
          walled off from everything else on it.
        </p>
        <Link className="button button-primary button-large" to={paths.create()} aria-keyshortcuts="N">
          <Icon name="plus" /> New workspace
        </Link>
        {host && (
          <>
            <Gauge
              label="Memory of this host"
              parts={[
                { key: 'used', look: 'taken', mib: host.capacity.usedMiB, label: null },
                {
                  key: 'free',
                  look: 'free',
                  mib: host.capacity.freeMiB,
                  label: <span>{formatMemory(host.capacity.freeMiB)} free</span>,
                },
              ]}
            />
            <p className="help">
              The memory of this host: room for {plural(room ?? 0, 'workspace')} of{' '}
              {formatMemory(host.defaults.memoryMiB)}.
            </p>
          </>
        )}
      </div>
      <div>
        <h3 className="muted">What will happen</h3>
        <ol className="will">
          <li>
            <b>A machine is made</b> {makeMs !== null && <About ms={makeMs} />}
            <p>
              {host
                ? `With ${formatCpus(host.defaults.cpus)} and ${formatMemory(host.defaults.memoryMiB)} unless you choose otherwise.`
                : 'Of the size that you choose.'}
            </p>
          </li>
          <li>
            <b>It starts, and VS Code with it</b>{' '}
            {createMs !== null && <About ms={Math.max(0, createMs - (makeMs ?? 0))} />}
            <p>
              You see each step and how long it takes
              {createMs === null ? '.' : `; usually about ${formatAbout(createMs)} in all on this host.`}
            </p>
          </li>
          <li>
            <b>The editor opens by itself</b>
            <p>Close it whenever you like. Programs go on; files stay after a stop.</p>
          </li>
        </ol>
      </div>
    </section>
  );
}

/** What was measured here before. */
function About({ ms }: { readonly ms: number }) {
  return <span className="dim mono">about {formatAbout(ms)}</span>;
}
