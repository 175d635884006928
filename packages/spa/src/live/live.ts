/** Keeps the page true: the shared event stream into what is known, and everything read again where events were missed. */

import type { QueryClient } from '@tanstack/react-query';
import type { ActivityType, Client } from '@tidepool/core';
import { isPassing } from '../api/problem-of.ts';
import { createApplyMessage } from './apply-message.ts';
import type { Connection } from './connection.ts';
import { openEventStream } from './event-stream.ts';
import { isOver, type Known } from './known.ts';
import { listKeys } from './list-queries.ts';
import { createListUpkeep } from './list-upkeep.ts';
import { onNetworkChange } from './network.ts';
import { keys, prependActivity } from './queries.ts';
import { type SharedStream, shareStream } from './shared-stream.ts';
import type { Store } from './store.ts';
import { throttled } from './throttled.ts';

export interface LiveParts {
  readonly client: Client;
  readonly queryClient: QueryClient;
  readonly known: Known;
  readonly connection: Store<Connection>;
}

/** Steps change no figure of the host. */
const withoutHost: readonly ActivityType[] = [
  'step.started',
  'step.finished',
  'job.claimed',
  'port.added',
  'port.removed',
];
const hostDelayMs = 400;

export function startLive({ client, queryClient, known, connection }: LiveParts): SharedStream {
  const readAgain = () => {
    void readAll(queryClient, known);
    for (const job of known.getState().jobs.values()) {
      if (!isOver(job.status)) void readJob(client, known, job.id);
    }
  };
  const readHostSoon = throttled(() => queryClient.invalidateQueries({ queryKey: keys.host }), hostDelayMs);
  const keepLists = createListUpkeep(queryClient);

  const stream = shareStream({
    open: openEventStream,
    shared: sharing(),
    isVisible: () => document.visibilityState === 'visible',
    onMessage: createApplyMessage({
      known,
      onConnection: connection.set,
      onReset: readAgain,
      onActivity: (event) => {
        const { activity } = event;
        keepLists(event);
        if (activity.workspaceId !== null) prependActivity(queryClient, activity.workspaceId, activity);
        if (!withoutHost.includes(activity.type)) readHostSoon();
      },
    }),
  });
  document.addEventListener('visibilitychange', stream.visibilityChanged);
  onNetworkChange(stream.networkChanged);
  addEventListener('pageshow', stream.tryNow);
  addEventListener('pagehide', (event) => {
    // A page kept for «back» may come back; one that is not gives its lead up at once.
    if (!event.persisted) stream.close();
  });
  return stream;
}

/** Both are missing on plain-http names of a LAN and in old browsers. */
function sharing() {
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return null;
  return { locks: navigator.locks, channel: new BroadcastChannel('tidepool-events') };
}

/** Events were missed: what nobody tells of now may be deleted, and is forgotten. */
async function readAll(queryClient: QueryClient, known: Known): Promise<void> {
  queryClient.removeQueries({ queryKey: listKeys.all, type: 'inactive' });
  const reading = known.beginReading();
  await queryClient.invalidateQueries();
  const inUse = queryClient.getQueryCache().findAll({ type: 'active' });
  reading.end(!inUse.some(({ state }) => state.error !== null && isPassing(state.error)));
}

async function readJob(client: Client, known: Known, id: string): Promise<void> {
  try {
    known.putJob(await client('getJob', { params: { id } }));
  } catch {
    // Not reachable now: the next reset reads it again.
  }
}
