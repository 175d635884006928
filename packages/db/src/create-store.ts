/** Puts the store together: one connection, and the parts that use it. */
import { dirname } from 'node:path';
import { createAct } from './act.ts';
import { createPortRequests } from './change-ports.ts';
import { createClaim } from './claim.ts';
import { createSourceRequests, createSourceResults } from './clone-source.ts';
import { openConnection } from './connection.ts';
import type { Context } from './context.ts';
import { createCreate } from './create-workspace.ts';
import { createDueJobs } from './due-jobs.ts';
import { createFreePages } from './free-pages.ts';
import { createHold } from './hold.ts';
import { createHostRows } from './host-rows.ts';
import { createHostSamples } from './host-samples.ts';
import { createListings } from './listings.ts';
import { createObservations } from './observe.ts';
import { createPrune } from './prune.ts';
import { createReads } from './reads.ts';
import { createReserve } from './reserve.ts';
import { createResize } from './resize.ts';
import { createSettle } from './settle.ts';
import { prepareStatements } from './statements.ts';
import type { Store, StoreOptions } from './store.ts';
import { realWorld, type World } from './world.ts';

/**
 * Opens the database, makes it where there is none, and brings it to the newest schema.
 * @throws TidepoolError `busy`, `disk_full`, `invalid_config` (a newer Tidepool wrote it), `not_ready` (read-only, and none there)
 */
export function createStore(options: StoreOptions): Store {
  return createStoreIn(realWorld, options);
}

/** The same with another clock and other processes: for tests. */
export function createStoreIn(world: World, options: StoreOptions): Store {
  const connection = openConnection({ path: options.path, readOnly: options.readOnly ?? false });
  const reserve = createReserve(options.path);
  if (!options.readOnly) reserve.keep();
  const { budgetMiB, leaseMs } = options;
  const directory = dirname(options.path);
  const freePages = createFreePages(options.path, connection);
  const statements = connection.read(() => prepareStatements(connection));
  const context: Context = { ...connection, statements, world, reserve, freePages, directory, budgetMiB, leaseMs };
  return {
    ...createReads(context),
    ...createListings(context),
    create: createCreate(context),
    act: createAct(context),
    resize: createResize(context),
    ...createPortRequests(context),
    ...createSourceRequests(context),
    ...createDueJobs(context),
    claim: createClaim(context),
    ...createHold(context),
    ...createSourceResults(context),
    settle: createSettle(context),
    together: connection.note,
    flush: connection.flush,
    ...createObservations(context),
    ...createHostRows(context),
    ...createHostSamples(context),
    prune: createPrune(context),
    close: connection.close,
  };
}
