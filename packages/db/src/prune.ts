/** Forgetting: old activity and expired idempotency keys. Jobs and tombstones stay. */
import { and, desc, inArray, lt, lte } from 'drizzle-orm';
import type { Context } from './context.ts';
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
  const old = orm
    .select({ id: activity.id })
    .from(activity)
    .where(and(lt(activity.id, oldestKept.id), lt(activity.at, before)))
    .orderBy(activity.id)
    .limit(batch);
  return orm.delete(activity).where(inArray(activity.id, old)).run().changes;
}
