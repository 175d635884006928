/** What a worker may have seen of a host. */
import type { HostRecord } from '@tidepool/core';

export const hostRecord: HostRecord = {
  runtime: {
    kind: 'sandbox',
    version: '1',
    capabilities: {
      isolation: 'namespaces',
      limits: false,
      diskLimit: false,
      pause: false,
      snapshot: false,
      clone: false,
      console: false,
      usage: false,
      rootInside: false,
    },
    healthy: true,
  },
  routes: { kind: 'file', caddyVersion: '2.6.2', healthy: true },
  images: [{ name: 'workspace', version: '1', builtAt: '2026-03-01T12:00:00.000Z', sizeMiB: 300, current: true }],
  cpus: 2,
  totalMemoryMiB: 8192,
  disk: { totalMiB: 100_000, freeMiB: 50_000 },
  storage: null,
  findings: [],
  observedAt: '2026-03-01T12:00:00.000Z',
};
