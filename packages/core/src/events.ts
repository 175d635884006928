/** What the event stream carries. */
import { z } from 'zod';
import { activity } from './activity.ts';
import { job } from './job.ts';
import { timestamp, usage, workspace } from './workspace.ts';

/** An SSE event of type `activity` carries this as its data. */
export const activityEvent = z.strictObject({
  activity,
  /** The workspace as it was when the event was sent; null where it is gone or the event is of none. */
  workspace: workspace.nullable(),
  job: job.nullable(),
});
export type ActivityEvent = z.infer<typeof activityEvent>;

/** An SSE event of type `usage` carries this as its data: all that were measured, after each measurement. */
export const usageEvent = z.strictObject({
  workspaces: z.array(
    z.strictObject({
      id: z.uuid(),
      usage,
      /** Those of its registered ports where something answered; null where nobody looked yet. */
      listening: z.array(z.int()).nullable(),
      /** When somebody was last connected to it: no activity tells of that. */
      lastAccessedAt: timestamp.nullable(),
    }),
  ),
});
export type UsageEvent = z.infer<typeof usageEvent>;
