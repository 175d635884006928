/** The page for a workspace, or a port of it, that cannot be reached: what is the case, and the next step. Pure. */
import { type Action, type Job, portPath, type StepName, type Workspace, workspacePath } from '@tidepool/core';
import { type Html, html, nothing } from './html.ts';
import type { NextStep, Page } from './page.ts';

export interface Situation {
  readonly name: string;
  readonly port: number | null;
  readonly workspace: Workspace | null;
  readonly job: Job | null;
  /** When it was deleted, if it was. */
  readonly deletedAt: string | null;
  /** What Caddy met: no route for the address, or nobody who answers behind it. */
  readonly upstream: 'no_route' | 'refused' | 'timed_out';
  /** How long such a start usually takes, in milliseconds. */
  readonly typicalMs: number | null;
  readonly appOrigin: string;
  /** Who signs in by basic auth. */
  readonly user: string;
}

export function workspacePage(situation: Situation): Page {
  const { name, workspace, appOrigin } = situation;
  const list: NextStep = { label: 'Go to all workspaces', href: `${appOrigin}/app/` };
  if (!workspace) return unknownPage(situation, list);
  const own = `${appOrigin}/app/workspaces/${name}`;
  switch (workspace.status) {
    case 'creating':
    case 'starting':
      return startingPage(situation, workspace.status, { label: 'Watch it', href: own });
    case 'stopping':
      return {
        status: 503,
        shape: 'stopping',
        title: `${name} is stopping`,
        text: 'Its files are kept. It can be started once it has stopped.',
        actions: [{ label: `See ${name}`, href: own }, list],
        retryAfter: 2,
      };
    case 'deleting':
      return {
        status: 503,
        shape: 'deleting',
        title: `${name} is being deleted`,
        text: 'It will be gone with its files in a moment.',
        actions: [list],
        retryAfter: 2,
      };
    case 'stopped':
      return stoppedPage(name, workspace.stopReason, [
        { label: workspace.stopReason === 'instance_gone' ? 'See what to do' : 'Start it', href: own },
        list,
      ]);
    case 'error':
      return failedPage(workspace, [{ label: 'See what to do', href: own }, list]);
    case 'running':
      return runningPage(situation, workspace, list);
  }
}

/** For addresses of the workspace origin that name no workspace at all. */
export function noAddressPage(appOrigin: string): Page {
  return {
    status: 404,
    shape: 'note',
    title: 'There is nothing at this address',
    text: 'Workspaces are found below /workspace/, each under its name.',
    actions: [{ label: 'Go to all workspaces', href: `${appOrigin}/app/` }],
  };
}

function unknownPage({ name, deletedAt }: Situation, list: NextStep): Page {
  const text = deletedAt
    ? `It was deleted on ${deletedAt.slice(0, 10)} at ${deletedAt.slice(11, 16)} UTC, with its files.`
    : 'It may have another name, or have been deleted.';
  return { status: 404, shape: 'note', title: `There is no workspace ${name}`, text, actions: [list] };
}

function startingPage({ name, job, typicalMs }: Situation, status: 'creating' | 'starting', watch: NextStep): Page {
  const usually = typicalMs === null ? '' : ` This usually takes about ${seconds(typicalMs)}.`;
  return {
    status: 503,
    shape: 'busy',
    title: `${name} is ${status === 'creating' ? 'being created' : 'starting'}`,
    text: `It opens here as soon as it is ready.${usually}`,
    more: job ? stepList(job) : nothing,
    actions: [watch],
    retryAfter: 1,
  };
}

const stopTexts = {
  requested: 'Its files are kept.',
  shutdown: 'It was stopped because Tidepool itself was. Its files are kept.',
  host_restarted: 'It was stopped because the host was restarted. Its files are kept.',
  instance_stopped: 'It stopped by itself. Its files are kept; its log may say why.',
  instance_gone: 'Its machine is gone, and its files with it. Put it back, or delete the workspace.',
} as const;

function stoppedPage(name: string, reason: Workspace['stopReason'], actions: NextStep[]): Page {
  return {
    status: 503,
    shape: 'stopped',
    title: `${name} is stopped`,
    text: stopTexts[reason ?? 'requested'],
    actions,
  };
}

const failures: Record<Action, string> = {
  create: 'could not be created',
  start: 'could not start',
  stop: 'could not stop',
  restart: 'could not restart',
  delete: 'could not be deleted',
};

function failedPage({ name, error }: Workspace, actions: NextStep[]): Page {
  return {
    status: 503,
    shape: 'error',
    title: `${name} ${error ? failures[error.action] : 'failed'}`,
    text: error?.fix ?? 'See its log, then retry.',
    more: error ? html`<pre>${error.message}</pre>` : nothing,
    actions,
    ...(error ? { reference: error.code } : {}),
  };
}

function runningPage(situation: Situation, workspace: Workspace, list: NextStep): Page {
  const { name, port, upstream, appOrigin, user } = situation;
  if (port !== null && !workspace.ports.some((registered) => registered.port === port)) {
    return unregisteredPage(name, port, appOrigin, user);
  }
  const subject = port === null ? name : `Port ${port} of ${name}`;
  if (upstream === 'no_route') {
    return {
      status: 503,
      shape: 'busy',
      title: `${subject} is almost there`,
      text: 'It runs; the way to it is being laid.',
      actions: [list],
      retryAfter: 1,
    };
  }
  const editor: NextStep = { label: 'Open the editor', href: workspacePath(name) };
  if (upstream === 'timed_out') {
    return {
      status: 504,
      shape: 'error',
      title: `${port === null ? `The editor of ${name}` : subject} does not answer`,
      text: 'Something listens there but gave no answer in time. It may be busy, or hang.',
      actions: port === null ? [{ label: 'See its log', href: `${appOrigin}/app/workspaces/${name}` }] : [editor],
      retryAfter: 5,
    };
  }
  if (port !== null) {
    return {
      status: 502,
      shape: 'note',
      title: `Nothing listens on port ${port} yet`,
      text: `Start your application in ${name} so that it listens on port ${port}; on 127.0.0.1 is enough.`,
      actions: [editor],
      retryAfter: 2,
    };
  }
  return {
    status: 502,
    shape: 'error',
    title: `The editor of ${name} does not answer`,
    text: 'The workspace runs, its editor does not. It may be starting again; if this stays, restart the workspace.',
    actions: [{ label: `See ${name}`, href: `${appOrigin}/app/workspaces/${name}` }],
    retryAfter: 2,
  };
}

function unregisteredPage(name: string, port: number, appOrigin: string, user: string): Page {
  const valid = port >= 1024 && port <= 65535;
  return {
    status: 404,
    shape: 'note',
    title: `Port ${port} of ${name} is not registered`,
    text: valid
      ? 'A port has an address once it is registered. Nothing needs to listen on it yet.'
      : 'Ports from 1024 to 65535 can be registered and then have an address.',
    more: valid
      ? html`<p>Add it on the page of the workspace, or by REST:</p>
<pre>curl -u ${user}:PASSWORD -H 'Content-Type: application/json' -d '{"port": ${port}}' ${appOrigin}/api/workspaces/${name}/ports</pre>
<p>Its address is then <code>${portPath(name, port)}</code>.</p>`
      : nothing,
    actions: [{ label: `See ${name}`, href: `${appOrigin}/app/workspaces/${name}` }],
  };
}

const stepWords: Record<StepName, string> = {
  removeRoutes: 'Close its addresses',
  stopInstance: 'Stop it',
  removeInstance: 'Remove its machine and files',
  removeLogs: 'Remove its log',
  ensureInstance: 'Make its machine',
  ensureRunning: 'Start it',
  ensureAddress: 'Find its address',
  cloneSource: 'Clone its repository',
  ensureIde: 'Start VS Code',
  ensureRoutes: 'Open its addresses',
};

function stepList({ plan, steps }: Job): Html {
  const items = plan.map((name) => {
    const step = steps.findLast((record) => record.name === name);
    const state = step === undefined ? 'next' : step.status === 'succeeded' ? 'done' : 'now';
    const time = step?.durationMs == null ? { done: 'done', now: 'now', next: '' }[state] : seconds(step.durationMs);
    return html`<li class="${state}"><span>${stepWords[name]}</span><span class="time">${time}</span></li>`;
  });
  return html`<ol class="steps" aria-label="Steps">${items}</ol>`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
