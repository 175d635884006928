/** What it is, where it is reached, and why it is in this state. */

import { useInfiniteQuery } from '@tanstack/react-query';
import type { Workspace } from '@tidepool/core';
import { Link } from 'react-router';
import { CopyButton } from '../components/copy-button.tsx';
import { Facts } from '../components/facts.tsx';
import { OpenLink } from '../components/open-link.tsx';
import { Panel } from '../components/panel.tsx';
import { Steps } from '../components/steps.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { useHost, useJob } from '../live/hooks.ts';
import { activityQuery } from '../live/queries.ts';
import { useReady } from '../live/use-ready.ts';
import { paths } from '../routing/paths.ts';
import { usePageTitle } from '../routing/use-page-title.ts';
import { useServices } from '../services/services.ts';
import { LastUse } from '../workspaces/last-use.tsx';
import { PortLink } from '../workspaces/port-link.tsx';
import { formatCpus, formatMemory } from '../workspaces/size.ts';
import { lacksSource } from '../workspaces/source.ts';
import { jobWords } from '../workspaces/step-words.ts';
import { withoutScheme, workspaceUrl } from '../workspaces/workspace-url.ts';
import { groupActivity } from './activity/group-activity.ts';
import { Timeline } from './activity/timeline.tsx';
import { FailurePanel } from './failure-panel.tsx';
import { SourcePanel } from './source-panel.tsx';
import { TakesNow } from './takes-now.tsx';
import { WhyPanel } from './why-panel.tsx';
import { usePageWorkspace } from './workspace-page.tsx';

const lately = 5;

export function Overview() {
  const workspace = usePageWorkspace();
  usePageTitle(workspace.name);
  const { isPending } = useInfiniteQuery(activityQuery(useServices(), workspace.id));
  const isReady = useReady(!isPending);
  if (!isReady) return null;
  // What is to be done comes first; where nothing is, it is a fact beside the others.
  const isSourceLacking = lacksSource(workspace);
  return (
    <div className="columns">
      <div className="stack">
        <FailurePanel workspace={workspace} />
        {isSourceLacking && <SourcePanel workspace={workspace} />}
        <UnderWay workspace={workspace} />
        <WhyPanel workspace={workspace} />
        <Lately workspace={workspace} />
      </div>
      <div className="stack">
        <TakesNow workspace={workspace} />
        <Reached workspace={workspace} />
        {!isSourceLacking && <SourcePanel workspace={workspace} />}
        <Panel title="Facts">
          <div className="panel-body">
            <Facts facts={factsOf(workspace)} />
          </div>
        </Panel>
      </div>
    </div>
  );
}

function UnderWay({ workspace: { jobId } }: { readonly workspace: Workspace }) {
  const job = useJob(jobId);
  if (!job) return null;
  return (
    <Panel title={`${jobWords[job.kind]} ${job.workspaceName}`}>
      <div className="panel-body">
        <Steps job={job} />
      </div>
    </Panel>
  );
}

function Lately({ workspace: { id, name } }: { readonly workspace: Workspace }) {
  const { data } = useInfiniteQuery(activityQuery(useServices(), id));
  const entries = groupActivity(data?.pages[0]?.items ?? []).slice(0, lately);
  return (
    <Panel
      title="Lately"
      aside={
        <Link className="push" to={paths.section(name, 'activity')}>
          All activity
        </Link>
      }
    >
      {data && <Timeline entries={entries} />}
    </Panel>
  );
}

function Reached({ workspace: { name, status, path, ports } }: { readonly workspace: Workspace }) {
  const { host } = useHost();
  const command = `npm run tidepool -- exec ${name} -- ls -la`;
  return (
    <Panel title="Where it is reached">
      <div className="panel-body stack">
        {host && (
          <div>
            <p className="help">Editor</p>
            <span className="copy">
              <OpenLink path={path} className="mono">
                <span className="sr">Editor of {name}, opens in a new tab: </span>
                {withoutScheme(workspaceUrl(host.origins, path))}
              </OpenLink>
              <CopyButton text={workspaceUrl(host.origins, path)} label="Copy the editor's address" />
            </span>
            {status !== 'running' && <p className="help">It answers once it runs.</p>}
          </div>
        )}
        {ports.length > 0 && (
          <div>
            <p className="help">Ports</p>
            <div className="row">
              {ports.map((port) => (
                <PortLink key={port.port} port={port} workspaceName={name} />
              ))}
            </div>
          </div>
        )}
        {status === 'running' && (
          <div>
            <p className="help">From this host's terminal</p>
            <span className="copy">
              <code>{command}</code>
              <CopyButton text={command} label="Copy the command" />
            </span>
          </div>
        )}
      </div>
    </Panel>
  );
}

function factsOf(workspace: Workspace) {
  const { image, cpus, memoryMiB, diskGiB, address, startedAt, createdAt } = workspace;
  return [
    ['Size', `${formatCpus(cpus)}, ${formatMemory(memoryMiB)}, ${diskGiB} GiB of disk`],
    ['Image', <code key="image">{image}</code>],
    ['Address', address === null ? 'none while it does not run' : <code key="address">{address}</code>],
    ['Last used', <LastUse key="used" workspace={workspace} />],
    ['Last started', <TimeAgo key="started" at={startedAt} />],
    ['Created', <TimeAgo key="created" at={createdAt} />],
  ] as const;
}
