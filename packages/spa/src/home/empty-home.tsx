/** No workspace: one sentence and one button. To who never had one, also what will happen. */
import type { Host } from '@tidepool/core';
import { Link } from 'react-router';
import { Gauge, GaugePart } from '../components/gauge.tsx';
import { Icon } from '../components/icon.tsx';
import { useHost, useKnown } from '../live/hooks.ts';
import { paths } from '../routing/paths.ts';
import { formatAbout, plural } from '../workspaces/durations.ts';
import { formatCpus, formatMemory } from '../workspaces/size.ts';

export function EmptyHome() {
  const { host } = useHost();
  const wasOneDeleted = useKnown((state) => state.gone.size > 0);
  const createMs = host?.typical.createMs ?? null;
  // What was measured here before was a workspace, which is not there any more.
  if (wasOneDeleted || createMs !== null) {
    return (
      <section className="panel empty empty-again">
        <h2>No workspace is left</h2>
        <p className="muted">
          The last one was deleted.
          {createMs !== null && ` A new one is ready in about ${formatAbout(createMs)} on this host.`}
        </p>
        <NewWorkspaceButton />
        {host && <Room host={host} />}
      </section>
    );
  }
  return (
    <section className="panel empty">
      <div>
        <h2>Your first machine is one click away</h2>
        <p className="muted">
          A workspace is a Linux machine of its own with VS Code in a browser tab. What you do in it stays on this host,
          walled off from everything else on it.
        </p>
        <NewWorkspaceButton />
        {host && <Room host={host} />}
      </div>
      <div>
        <h3 className="muted">What will happen</h3>
        <ol className="will">
          <li>
            <b>A machine is made</b>
            <p>
              {host
                ? `With ${formatCpus(host.defaults.cpus)} and ${formatMemory(host.defaults.memoryMiB)} unless you choose otherwise.`
                : 'Of the size that you choose.'}
            </p>
          </li>
          <li>
            <b>It starts, and VS Code with it</b>
            <p>You see each step and how long it takes.</p>
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

function NewWorkspaceButton() {
  return (
    <Link className="button button-primary button-large" to={paths.create()} aria-keyshortcuts="N">
      <Icon name="plus" /> New workspace
    </Link>
  );
}

function Room({ host: { capacity, defaults } }: { readonly host: Host }) {
  const room = Math.floor(capacity.freeMiB / defaults.memoryMiB);
  return (
    <>
      <Gauge label="Memory of this host">
        <GaugePart look="taken" mib={capacity.usedMiB} label={null} />
        <GaugePart look="free" mib={capacity.freeMiB} label={<span>{formatMemory(capacity.freeMiB)} free</span>} />
      </Gauge>
      <p className="help">
        The memory of this host: room for {plural(room, 'workspace')} of {formatMemory(defaults.memoryMiB)}.
      </p>
    </>
  );
}
