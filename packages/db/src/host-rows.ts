/** What the worker writes about the host and itself. */
import type { HostRecord } from '@tidepool/core';
import type { Context } from './context.ts';
import { and, eq } from './drizzle.ts';
import { leaseEnd } from './lease.ts';
import { recordActivity } from './record-activity.ts';
import { comfortableMiB } from './reserve.ts';
import { host, workers } from './schema.ts';
import type { Observations } from './store.ts';

export function createHostRows(context: Context): Pick<Observations, 'writeHost' | 'workerHeartbeat'> {
  const { orm, write, note, world } = context;
  return {
    writeHost(record) {
      if (world.freeMiB(context.directory) >= comfortableMiB) {
        context.reserve.keep();
        context.freePages.keep();
      }
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

/** Without what changes at every look: of the disk, whether it runs short is news, not by how much. */
function lasting(record: HostRecord): string {
  const { disk, storage } = record;
  const places = { disk: disk.totalMiB, storage: storage && { ...storage, freeMiB: 0 } };
  const findings = record.findings.map((each) => (each.id === 'disk' ? { ...each, detail: '' } : each));
  return JSON.stringify({ ...record, observedAt: '', ...places, findings });
}
