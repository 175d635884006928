/** The host of the small world behind the page: a laptop with sandboxes. */
import type { Finding, Host } from '@tidepool/core';

export function aHost(): Host {
  const found = (id: string, status: Finding['status'], title: string): Finding => ({
    id,
    title,
    status,
    detail: status === 'ok' ? 'Found.' : 'Raise it in the shell that starts Tidepool.',
    fix: status === 'ok' ? null : 'Above about 40 workspaces new connections will fail.',
    commands: status === 'ok' ? [] : ['ulimit -n 65536'],
  });
  return {
    observed: {
      runtime: {
        kind: 'sandbox',
        version: 'bubblewrap 0.8.0',
        capabilities: {
          isolation: 'namespaces',
          limits: false,
          diskLimit: false,
          pause: false,
          snapshot: false,
          clone: false,
          console: true,
          usage: true,
          rootInside: false,
        },
        healthy: true,
      },
      routes: { kind: 'file', caddyVersion: '2.6.2', healthy: true },
      images: [
        { name: 'workspace', version: '3f9c2a', builtAt: '2026-03-01T12:00:00.000Z', sizeMiB: 300, current: true },
      ],
      cpus: 8,
      totalMemoryMiB: 32_768,
      disk: { totalMiB: 245_760, freeMiB: 120_832 },
      storage: null,
      findings: [
        found('bubblewrap', 'ok', 'bubblewrap is installed'),
        found('passt', 'ok', 'passt is installed'),
        found('files', 'warning', 'Open files are limited to 1024'),
      ],
      observedAt: new Date().toISOString(),
    },
    capacity: { budgetMiB: 30_720, usedMiB: 0, freeMiB: 30_720 },
    counts: { total: 0, running: 0, openJobs: 0 },
    worker: { alive: true },
    queue: { kind: 'embedded', endpoint: 'http://127.0.0.1:9324', healthy: true, detail: 'It answers.' },
    defaults: { cpus: 2, memoryMiB: 4096, diskGiB: 20, image: 'workspace' },
    origins: { app: null, workspace: null, workspacePort: 8081 },
    versions: { tidepool: '0.1.0', node: '24.21.0' },
    typical: { createMs: 1400, startMs: 620, stopMs: 700, steps: { ensureInstance: 200, ensureIde: 600 } },
  };
}
