/** What carries the workspaces: what it can and cannot do, what is left of it, what the preflight found. */
import type { Host, HostRecord } from '@tidepool/core';
import { Facts } from '../components/facts.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { HostGauge } from '../home/host-gauge.tsx';
import { useHost, useWorkspaces } from '../live/hooks.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { formatAbout, plural } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { Findings } from './findings.tsx';
import { ImagesPanel } from './images-panel.tsx';
import { RuntimePanel } from './runtime-panel.tsx';

export function HostPage() {
  usePageTitle('Host');
  const { host, problem } = useHost();
  const { workspaces } = useWorkspaces();
  if (!host) return problem && <ProblemNote problem={problem} title="The host could not be read" />;
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
      <HostGauge workspaces={workspaces} />
      <div className="columns">
        <div className="stack">
          {observed ? (
            <RuntimePanel runtime={observed.runtime} />
          ) : (
            <Panel title="Runtime">
              <p className="panel-body help">No worker has looked at this host yet.</p>
            </Panel>
          )}
          {observed && <ImagesPanel images={observed.images} />}
        </div>
        <div className="stack">
          {observed && <Findings findings={observed.findings} />}
          <Panel title="Parts and versions">
            <div className="panel-body">
              <Facts facts={partsOf(host)} />
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

function partsOf({ observed, versions, worker, queue, counts, typical }: Host) {
  return [
    ['Workspaces', `${counts.total}, ${counts.running} running`],
    ['Jobs under way', String(counts.openJobs)],
    ['Create takes', typical.createMs === null ? 'not measured yet' : `usually ${formatAbout(typical.createMs)}`],
    ['Start takes', typical.startMs === null ? 'not measured yet' : `usually ${formatAbout(typical.startMs)}`],
    ['Worker', worker.alive ? 'at work' : <Bad key="worker">does not answer: changes wait for it</Bad>],
    ['Queue', <QueueState key="queue" queue={queue} />],
    ...(observed
      ? ([
          ['Proxy', observed.routes.healthy ? 'answers' : <Bad key="proxy">does not answer</Bad>],
          ['Runtime', <RuntimeState key="runtime" runtime={observed.runtime} />],
          ...(observed.storage ? [['Disks of workspaces', spaceOf(observed.storage)] as const] : []),
          ['Disk', spaceOf(observed.disk)],
          ['Caddy', <Version key="caddy">{observed.routes.caddyVersion ?? 'unknown'}</Version>],
        ] as const)
      : []),
    ['Tidepool', <Version key="tidepool">{versions.tidepool}</Version>],
    ['Node', <Version key="node">{versions.node}</Version>],
  ] as const;
}

function spaceOf({ freeMiB, totalMiB }: HostRecord['disk']): string {
  return `${formatMemory(freeMiB)} of ${formatMemory(totalMiB)} free`;
}

function RuntimeState({ runtime: { healthy } }: Pick<HostRecord, 'runtime'>) {
  return healthy ? 'answers' : <Bad>does not answer: what is said of it here is what it said last</Bad>;
}

function QueueState({ queue: { kind, healthy, detail } }: Pick<Host, 'queue'>) {
  if (!healthy) return <Bad>{`${detail} Nothing is lost meanwhile.`}</Bad>;
  return kind === 'external' ? detail : 'Tidepool’s own, answers';
}

function Version({ children }: { readonly children: string }) {
  return <code>{children}</code>;
}

function Bad({ children }: { readonly children: string }) {
  return <span className="bad">{children}</span>;
}
