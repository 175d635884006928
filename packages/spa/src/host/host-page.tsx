/** What carries the workspaces: how much of it is taken, what is at work, what it can and cannot do, what the preflight found. */
import { useQuery } from '@tanstack/react-query';
import { Panel } from '../components/panel.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { HostGauge } from '../home/host-gauge.tsx';
import { useHost } from '../live/hooks.ts';
import { useOccupying } from '../live/lists.ts';
import { useUnderWay } from '../live/under-way.ts';
import { useReady } from '../live/use-ready.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { useServices } from '../services/services.ts';
import { plural } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { DiskPanel } from './disk-panel.tsx';
import { Findings } from './findings.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { historyQuery } from './host-queries.ts';
import { ImagesPanel } from './images-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { PartsPanel } from './parts-panel.tsx';
import { RuntimePanel } from './runtime-panel.tsx';

export function HostPage() {
  usePageTitle('Host');
  const { host, problem } = useHost();
  const history = useQuery({ ...historyQuery(useServices()), enabled: host !== undefined });
  const { isComplete } = useOccupying();
  const { isRead } = useUnderWay();
  const isReady = useReady(!history.isPending && isComplete && isRead);
  if (!host) return problem && <ProblemNote problem={problem} title="The host could not be read" />;
  if (!isReady) return null;
  const { observed } = host;
  return (
    <>
      <div className="head">
        <h1>Host</h1>
        {observed && (
          <span className="muted">
            {plural(observed.cpus, 'core')}, {formatMemory(observed.totalMemoryMiB)} of memory
          </span>
        )}
      </div>
      <HostGauge />
      <div className="columns">
        <div className="stack">
          <HistoryPanel host={host} />
          <JobsPanel />
          {observed && <ImagesPanel images={observed.images} />}
        </div>
        <div className="stack">
          {observed && <Findings findings={observed.findings} observedAt={observed.observedAt} />}
          {observed ? (
            <RuntimePanel runtime={observed.runtime} />
          ) : (
            <Panel title="Runtime">
              <p className="panel-body help">No worker has looked at this host yet.</p>
            </Panel>
          )}
          {observed && <DiskPanel observed={observed} />}
          <PartsPanel host={host} />
        </div>
      </div>
    </>
  );
}
