/** The parts that Tidepool is made of: whether each answers, and its version; and how long things take here. */
import type { Host, HostRecord } from '@tidepool/core';
import { Facts } from '../components/facts.tsx';
import { Panel } from '../components/panel.tsx';
import { formatAbout } from '../workspaces/durations.ts';

export function PartsPanel({ host }: { readonly host: Host }) {
  return (
    <Panel title="Parts and versions">
      <div className="panel-body">
        <Facts facts={partsOf(host)} />
      </div>
    </Panel>
  );
}

function partsOf({ observed, versions, worker, queue, counts, typical }: Host) {
  return [
    ['Workspaces', `${counts.running} of ${counts.total} running`],
    ['Creating takes', usually(typical.createMs)],
    ['Starting takes', usually(typical.startMs)],
    ['Worker', worker.alive ? 'at work' : <Bad key="worker">does not answer: changes wait for it</Bad>],
    ['Queue', <QueueState key="queue" queue={queue} />],
    ...(observed
      ? ([
          ['Runtime', <RuntimeState key="runtime" runtime={observed.runtime} />],
          ['Proxy', <ProxyState key="proxy" routes={observed.routes} />],
        ] as const)
      : []),
    ['Tidepool', <code key="tidepool">{versions.tidepool}</code>],
    ['Node', <code key="node">{versions.node}</code>],
  ] as const;
}

function usually(ms: number | null): string {
  return ms === null ? 'not measured yet' : `usually ${formatAbout(ms)}`;
}

function RuntimeState({ runtime: { healthy, version } }: Pick<HostRecord, 'runtime'>) {
  if (!healthy) return <Bad>does not answer: what is said of it here is what it said last</Bad>;
  return (
    <>
      <code>{version}</code>, answers
    </>
  );
}

function ProxyState({ routes: { healthy, caddyVersion } }: Pick<HostRecord, 'routes'>) {
  return (
    <>
      Caddy <code>{caddyVersion ?? 'of unknown version'}</code>, {healthy ? 'answers' : <Bad>does not answer</Bad>}
    </>
  );
}

function QueueState({ queue: { kind, healthy, detail } }: Pick<Host, 'queue'>) {
  if (!healthy) return <Bad>{`${detail} Nothing is lost meanwhile.`}</Bad>;
  return kind === 'external' ? detail : 'Tidepool’s own, answers';
}

function Bad({ children }: { readonly children: string }) {
  return <span className="bad">{children}</span>;
}
