/** Forgetting: old activity and expired idempotency keys. Jobs and tombstones stay. */
import type { Context } from './context.ts';
import { desc, gte, inArray, lt, lte } from './drizzle.ts';
import { keptSince } from './idempotency.ts';
import { activity, idempotencyKeys } from './schema.ts';
import type { Observations } from './store.ts';

/** However old, the newest so many rows stay. */
const keptRows = 10_000;
/** Rows per transaction, so that nobody waits long for the lock. */
const batch = 2_000;

export function createPrune(context: Context): Observations['prune'] {
  const { orm, world, write } = context;
  return (keepDays) => {
    const before = new Date(world.now().getTime() - keepDays * 24 * 60 * 60 * 1000).toISOString();
    while (write(() => removeSome(context, before)) === batch);
    write(() =>
      orm
        .delete(idempotencyKeys)
        .where(lte(idempotencyKeys.createdAt, keptSince(context)))
        .run(),
    );
  };
}

function removeSome({ orm }: Context, before: string): number {
  const [oldestKept] = orm
    .select({ id: activity.id })
    .from(activity)
    .orderBy(desc(activity.id))
    .limit(1)
    .offset(keptRows - 1)
    .all();
  if (!oldestKept) return 0;
  // Ids are given in the order of time: what follows the first one that is young need not be read.
  const firstYoung = orm
    .select({ id: activity.id })
    .from(activity)
    .where(gte(activity.at, before))
    .orderBy(activity.id)
    .limit(1)
    .get();
  const old = orm
    .select({ id: activity.id })
    .from(activity)
    .where(lt(activity.id, Math.min(oldestKept.id, firstYoung?.id ?? oldestKept.id)))
    .orderBy(activity.id)
    .limit(batch);
  return orm.delete(activity).where(inArray(activity.id, old)).run().changes;
}
