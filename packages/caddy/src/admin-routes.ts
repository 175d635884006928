/**
 * The `Routes` port in Caddy's own config (`admin-table.ts` shows the layout), for where Caddy and the worker share no file
 * system. What is routed is asked of Caddy each time.
 */
import { TidepoolError } from '@tidepool/core';
import { entriesOf, tableId, tableOf } from './admin-table.ts';
import { changeConfig, readConfig } from './change-config.ts';
import type { Route, Routes } from './routes.ts';
import { entryOf, idOf, readEntry } from './table-entry.ts';

export interface AdminRoutesOptions {
  /** `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`. */
  readonly admin: string;
  /** Told of what stands in the table and is no route, by its `@id` or its place. It is left alone. */
  readonly onStray: (what: string) => void;
}

const path = `/id/${tableId}`;

export function createAdminRoutes({ admin, onStray }: AdminRoutesOptions): Routes {
  // Those of one process take turns: together they would only make each other read again.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
    const turn = last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    last = turn.catch(() => undefined);
    return signal === undefined ? turn : orAborted(turn, signal);
  };
  return {
    async list(signal) {
      const { present } = await readConfig({ admin, path, signal });
      // A Caddy that lost its config routes nothing.
      const entries = entriesOf(present) ?? [];
      const found = new Map<string, Route[]>();
      for (const [index, entry] of entries.entries()) {
        const read = readEntry(entry);
        if (read === null || read.route === null) onStray(idOf(entry) ?? `entry ${index}`);
        if (read === null) continue;
        found.set(read.workspace, [...(found.get(read.workspace) ?? []), ...(read.route === null ? [] : [read.route])]);
      }
      return [...found]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([workspace, routes]) => ({ workspace, routes: routes.sort((a, b) => order(a) - order(b)) }));
    },

    replace: (workspace, routes, guard, signal) =>
      inTurn(async () => {
        await changeConfig({ admin, path, method: 'PATCH', signal }, (present) => {
          const entries = entriesOf(present);
          if (entries === null) throw notProgrammed();
          // After the table was read: who lost the right to write since then finds a table that the next one has written.
          guard.check();
          // Also where the routes are these already: a writer that was suspended before us must find another revision.
          const others = entries.filter((entry) => readEntry(entry)?.workspace !== workspace);
          return tableOf([...others, ...routes.map((route) => entryOf(workspace, route))]);
        });
        guard.commit(() => undefined);
      }, signal),
  };
}

/** Whoever is before it has a deadline of its own, which may be later. */
function orAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

function notProgrammed(): TidepoolError {
  return new TidepoolError('proxy_unavailable', {
    detail: 'Caddy does not have the config of Tidepool.',
    fix: 'The worker loads it as soon as it can; its log says what is in the way. Retry in a moment.',
    passing: true,
  });
}

function order({ port }: Route): number {
  return port === 'ide' ? 0 : port;
}
