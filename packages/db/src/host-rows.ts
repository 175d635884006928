/** What the worker writes about the host and itself. */
import type { HostRecord } from '@tidepool/core';
import { and, eq } from 'drizzle-orm';
import type { Context } from './context.ts';
import { leaseEnd } from './lease.ts';
import { recordActivity } from './record-activity.ts';
import { comfortableMiB } from './reserve.ts';
import { host, workers } from './schema.ts';
import type { Observations } from './store.ts';

export function createHostRows(context: Context): Pick<Observations, 'writeHost' | 'workerHeartbeat'> {
  const { orm, write, note, world } = context;
  return {
    writeHost(record) {
      if (record.disk.freeMiB >= comfortableMiB) context.reserve.keep();
      write(() => {
        const before = orm.select().from(host).get()?.record;
        orm.insert(host).values({ id: 1, record }).onConflictDoUpdate({ target: host.id, set: { record } }).run();
        if (before && lasting(before) === lasting(record)) return;
        recordActivity(context, { type: 'host.changed', workspace: null, message: 'The host was looked at anew' });
      });
    },
    workerHeartbeat: ({ bootId, pid, startTime }) =>
      note(() => {
        const worker = { bootId, pid, startTime, leaseUntilMs: leaseEnd(context) };
        for (const other of orm.select().from(workers).all()) {
          if (world.isAlive(other)) continue;
          orm
            .delete(workers)
            .where(
              and(eq(workers.bootId, other.bootId), eq(workers.pid, other.pid), eq(workers.startTime, other.startTime)),
            )
            .run();
        }
        orm
          .insert(workers)
          .values(worker)
          .onConflictDoUpdate({ target: [workers.bootId, workers.pid, workers.startTime], set: worker })
          .run();
      }),
  };
}

/** Without what changes at every look. */
function lasting(record: HostRecord): string {
  const { disk, storage } = record;
  const places = { disk: disk.totalMiB, storage: storage && { ...storage, freeMiB: 0 } };
  return JSON.stringify({ ...record, observedAt: '', ...places });
}
