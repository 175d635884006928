/** What the holder of a job does while it works. Each call proves by the fence that it still is the holder. */
import { type Job, type StepName, TidepoolError } from '@tidepool/core';
import { type Context, timestampNow } from './context.ts';
import { changeJob } from './job-rows.ts';
import { heldJob, leaseEnd } from './lease.ts';
import { jobDetail, recordActivity } from './record-activity.ts';
import type { JobRow, WorkspaceRow } from './schema.ts';
import type { Jobs } from './store.ts';
import { inSeconds, stepWords } from './wording.ts';
import { portsOf, toPort } from './workspace-rows.ts';

export function createHold(
  context: Context,
): Pick<Jobs, 'heartbeat' | 'guarded' | 'stepStarted' | 'stepFinished' | 'portsOf'> {
  const { read, write, note } = context;
  return {
    heartbeat: (jobId, fence) =>
      note(() => {
        const { job } = heldJob(context, jobId, fence);
        changeJob(context, jobId, { leaseUntilMs: leaseEnd(context) });
        return { cancelRequested: job.cancelRequested };
      }),
    guarded: (jobId, fence, inside) =>
      write(() => {
        const { job } = heldJob(context, jobId, fence);
        if (job.cancelRequested) throw new TidepoolError('cancelled');
        inside();
      }),
    stepStarted: (jobId, fence, step) =>
      note(() => {
        const held = heldJob(context, jobId, fence);
        recordStep(context, held, step, {
          name: step,
          status: 'running',
          startedAt: timestampNow(context),
          durationMs: null,
        });
      }),
    stepFinished: (jobId, fence, step, { ok, durationMs }) =>
      note(() => {
        const held = heldJob(context, jobId, fence);
        const startedAt = held.job.steps.find(({ name }) => name === step)?.startedAt ?? timestampNow(context);
        recordStep(context, held, step, { name: step, status: ok ? 'succeeded' : 'failed', startedAt, durationMs });
      }),
    portsOf: (jobId, fence) =>
      read(() => {
        const { workspace } = heldJob(context, jobId, fence);
        const registered = portsOf(context, workspace.id);
        return {
          ports: registered.map((port) => toPort(workspace.name, port, null)),
          portsVersion: workspace.portsVersion,
        };
      }),
  };
}

/** A step that runs a second time in one attempt keeps its place. */
function recordStep(
  context: Context,
  { job, workspace }: { job: JobRow; workspace: WorkspaceRow },
  step: StepName,
  record: Job['steps'][number],
): void {
  const known = job.steps.some(({ name }) => name === step);
  const steps = known ? job.steps.map((other) => (other.name === step ? record : other)) : [...job.steps, record];
  changeJob(context, job.id, { steps });
  const { status, durationMs } = record;
  const { started, done, failed } = stepWords[step];
  recordActivity(context, {
    type: status === 'running' ? 'step.started' : 'step.finished',
    workspace,
    message: durationMs === null ? started : `${status === 'succeeded' ? done : failed} after ${inSeconds(durationMs)}`,
    detail: { job: jobDetail(job), step: { name: step, status, durationMs }, status: workspace.status },
  });
}
