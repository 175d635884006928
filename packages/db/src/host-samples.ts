/** What all workspaces took together, once a minute: kept for an hour. */
import type { HostSample } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { and, asc, gt, gte, lt, lte, or } from './drizzle.ts';
import { hostSamples } from './schema.ts';
import type { Observations, Reads } from './store.ts';

const keptMs = 60 * 60 * 1000;

export function createHostSamples(context: Context): Pick<Reads, 'hostSamples'> & Pick<Observations, 'sampled'> {
  const { orm, read, write } = context;
  return {
    hostSamples: () =>
      read(() => {
        const ofTheHour = and(gte(hostSamples.at, keptSince(context)), lte(hostSamples.at, timestampNow(context)));
        return orm.select().from(hostSamples).where(ofTheHour).orderBy(asc(hostSamples.at)).all();
      }),
    sampled: (sample: HostSample) =>
      write(() => {
        const foreign = or(lt(hostSamples.at, keptSince(context)), gt(hostSamples.at, timestampNow(context)));
        orm.delete(hostSamples).where(foreign).run();
        orm.insert(hostSamples).values(sample).onConflictDoNothing().run();
      }),
  };
}

function keptSince({ world }: Context): string {
  return new Date(world.now().getTime() - keptMs).toISOString();
}
