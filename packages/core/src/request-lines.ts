/**
 * Where each endpoint of the contract is. Apart from its schemas, because a client needs no more to ask: the page would spend
 * half of its start on building schemas that only the server uses.
 */
import type { RequestLine } from './endpoint.ts';

export const requestLines = {
  listWorkspaces: { method: 'GET', path: '/api/workspaces' },
  createWorkspace: { method: 'POST', path: '/api/workspaces' },
  getWorkspace: { method: 'GET', path: '/api/workspaces/:id' },
  updateWorkspace: { method: 'PATCH', path: '/api/workspaces/:id' },
  deleteWorkspace: { method: 'DELETE', path: '/api/workspaces/:id' },
  startWorkspace: { method: 'POST', path: '/api/workspaces/:id/start' },
  stopWorkspace: { method: 'POST', path: '/api/workspaces/:id/stop' },
  restartWorkspace: { method: 'POST', path: '/api/workspaces/:id/restart' },
  retryWorkspace: { method: 'POST', path: '/api/workspaces/:id/retry' },
  cloneSource: { method: 'POST', path: '/api/workspaces/:id/clone-source' },
  listPorts: { method: 'GET', path: '/api/workspaces/:id/ports' },
  addPort: { method: 'POST', path: '/api/workspaces/:id/ports' },
  removePort: { method: 'DELETE', path: '/api/workspaces/:id/ports/:port' },
  listActivity: { method: 'GET', path: '/api/workspaces/:id/activity' },
  readLogs: { method: 'GET', path: '/api/workspaces/:id/logs' },
  listJobs: { method: 'GET', path: '/api/jobs' },
  getJob: { method: 'GET', path: '/api/jobs/:id' },
  streamEvents: { method: 'GET', path: '/api/events' },
  getHost: { method: 'GET', path: '/api/host' },
  getHostHistory: { method: 'GET', path: '/api/host/history' },
  listImages: { method: 'GET', path: '/api/images' },
  getHealth: { method: 'GET', path: '/api/health' },
  getOpenApi: { method: 'GET', path: '/api/openapi.json' },
} as const satisfies Record<string, RequestLine>;
