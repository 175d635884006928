/** Why a workspace is stopped: asked for, ended with Tidepool itself or with the host, or found stopped or gone. */
export const stopReasons = ['requested', 'shutdown', 'host_restarted', 'instance_stopped', 'instance_gone'] as const;
export type StopReason = (typeof stopReasons)[number];

/** What ran until Tidepool or the host ended under it: it is offered to be started again. */
export const endedUnasked: readonly StopReason[] = ['shutdown', 'host_restarted'];
