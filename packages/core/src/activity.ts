/** The log of what happened: one row per event, in the order it was committed. SSE sends the same rows. */
import { z } from 'zod';
import { jobKinds, jobStatuses, stepNames } from './job.ts';
import { statuses } from './lifecycle.ts';
import { timestamp } from './workspace.ts';

/** Who caused it. `user` through SPA, REST or CLI; `guest` from inside the workspace; `system` by itself. */
export const actors = ['user', 'guest', 'system'] as const;
export type Actor = (typeof actors)[number];

export const activityTypes = [
  'workspace.requested',
  'workspace.changed',
  'workspace.settled',
  'workspace.gone',
  'workspace.reconciled',
  'job.accepted',
  'job.claimed',
  'job.retrying',
  'job.finished',
  'step.started',
  'step.finished',
  'port.added',
  'port.removed',
  'host.changed',
] as const;
export type ActivityType = (typeof activityTypes)[number];

const activityDetail = z.strictObject({
  job: z.strictObject({ id: z.uuid(), kind: z.enum(jobKinds), status: z.enum(jobStatuses) }).optional(),
  step: z
    .strictObject({
      name: z.enum(stepNames),
      status: z.enum(['running', 'succeeded', 'failed']),
      durationMs: z.number().nullable(),
    })
    .optional(),
  /** The workspace's status after the event. */
  status: z.enum(statuses).optional(),
  from: z.enum(statuses).optional(),
  port: z.int().optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  reason: z.string().optional(),
  /** How long a finished job took from acceptance, in milliseconds. */
  durationMs: z.number().optional(),
});
export type ActivityDetail = z.infer<typeof activityDetail>;

export const activity = z.strictObject({
  /** Ascending; never reused. */
  id: z.int(),
  at: timestamp,
  type: z.enum(activityTypes),
  actor: z.enum(actors),
  workspaceId: z.uuid().nullable(),
  workspaceName: z.string().nullable(),
  /** A sentence for people. */
  message: z.string(),
  detail: activityDetail,
});
export type Activity = z.infer<typeof activity>;
