/** The handler of every endpoint of the contract. */
import { imageReference, openApi, TidepoolError, type Workspace } from '@tidepool/core';
import type { Reads, Requests } from '@tidepool/db';
import type { EventStreams } from '../events/event-streams.ts';
import type { HostView } from '../host-view.ts';
import type { LogStreams } from '../logs/log-streams.ts';
import type { Outbox } from '../outbox.ts';
import type { Handlers } from './handler.ts';

export interface HandlerParts {
  readonly store: Reads & Requests;
  readonly outbox: Outbox;
  readonly hostView: HostView;
  readonly eventStreams: EventStreams;
  readonly logStreams: LogStreams;
  readonly version: string;
}

export function createHandlers(parts: HandlerParts): Handlers {
  const { store, outbox, hostView, eventStreams, logStreams } = parts;
  const description = { openapi: '3.1.0', ...openApi(parts.version) };

  const workspaceOf = (ref: string): Workspace => {
    const found = store.workspace(ref);
    if (!found) throw noWorkspace(ref);
    return found;
  };
  /** What was deleted still answers, by its id; its name may be another's by now. */
  const goneId = (ref: string): string | undefined => {
    const tombstone = store.tombstone(ref);
    return tombstone && tombstone.name !== ref ? ref : undefined;
  };
  const act = (
    ref: string,
    verb: Parameters<Requests['act']>[1],
    context: Parameters<Requests['act']>[2],
  ): ReturnType<Requests['act']> => {
    const accepted = store.act(ref, verb, context);
    outbox.send(accepted.job.id);
    return accepted;
  };

  return {
    listWorkspaces: ({ query }) => store.workspaces(query),
    createWorkspace: ({ body, context }) => {
      const defaults = hostView.newWorkspace(body.image);
      const input = {
        name: body.name,
        image: defaults.image,
        cpus: body.cpus ?? defaults.cpus,
        memoryMiB: body.memoryMiB ?? defaults.memoryMiB,
        diskGiB: body.diskGiB ?? defaults.diskGiB,
        source: body.source,
      };
      hostView.checkDisk(input.diskGiB);
      hostView.checkSpace();
      const accepted = store.create(input, context);
      outbox.send(accepted.job.id);
      return accepted;
    },
    getWorkspace: ({ params }) => workspaceOf(params.id),
    updateWorkspace: ({ params, body, context }) => {
      if (body.diskGiB !== undefined) hostView.checkDisk(body.diskGiB);
      return store.resize(params.id, body, context);
    },
    deleteWorkspace: ({ params, context }) => act(params.id, 'delete', context),
    startWorkspace: ({ params, context }) => act(params.id, 'start', context),
    stopWorkspace: ({ params, context }) => act(params.id, 'stop', context),
    restartWorkspace: ({ params, context }) => act(params.id, 'restart', context),
    retryWorkspace: ({ params, context }) => act(params.id, 'retry', context),
    cloneSource: ({ params, context }) => {
      const accepted = store.cloneSource(params.id, context);
      outbox.send(accepted.job.id);
      return accepted;
    },
    listPorts: ({ params }) => ({ items: store.ports(workspaceOf(params.id).id) }),
    addPort: ({ params, body, context }) => {
      const added = store.addPort(params.id, { ...body, label: body.label ?? null }, context);
      if (added.job) outbox.send(added.job.id);
      return added;
    },
    removePort: ({ params, context }) => {
      const removed = store.removePort(params.id, params.port, context);
      if (removed.job) outbox.send(removed.job.id);
      return removed;
    },
    listActivity: ({ params, query }) => {
      const workspaceId = store.workspace(params.id)?.id ?? goneId(params.id);
      if (workspaceId === undefined) throw noWorkspace(params.id);
      return store.activity({ workspaceId, ...query });
    },
    readLogs: ({ params, query, request, response }) =>
      logStreams.serve(workspaceOf(params.id), { ...query, follow: query.follow === 'true' }, request, response),
    listJobs: ({ query }) => store.jobs(query),
    getJob: ({ params }) => {
      const job = store.job(params.id);
      if (!job) throw new TidepoolError('job_not_found', { fields: [{ field: 'params.id', message: 'Unknown job.' }] });
      return job;
    },
    streamEvents: ({ query, request, response }) => {
      const only = query.workspace === undefined ? null : workspaceOf(query.workspace).id;
      eventStreams.serve(only, request, response);
    },
    getHost: () => hostView.read(),
    getHostHistory: () => ({ items: store.hostSamples() }),
    listImages: () => {
      const made = store.workspacesByImage();
      return {
        items: hostView.images().map((image) => {
          const reference = imageReference(image);
          return { ...image, reference, workspaces: made.get(reference) ?? 0 };
        }),
      };
    },
    getHealth: () => {
      store.databaseId();
      return { status: 'ok' };
    },
    getOpenApi: () => description,
  };
}

function noWorkspace(ref: string): TidepoolError {
  return new TidepoolError('workspace_not_found', {
    detail: `There is no workspace "${ref}".`,
    fields: [{ field: 'params.id', message: 'Give the id or the name of a workspace that exists.' }],
  });
}
