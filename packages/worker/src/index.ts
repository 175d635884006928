export type { Parts } from './parts.ts';
export { createWorker, type Worker } from './worker.ts';
export { createWorkspaceLogs, type WorkspaceLogs } from './workspace-logs.ts';
