/** Caddy as the worker knows it: its config is loaded wherever it is missing, and its version is asked for only then. */
import type { HostRecord } from '@tidepool/core';
import type { Parts } from './parts.ts';

export interface ProxyCare {
  /** @throws `proxy_unavailable` where Caddy does not answer */
  ensure(signal: AbortSignal): Promise<void>;
  known(): Pick<HostRecord['routes'], 'caddyVersion' | 'healthy'>;
}

export function createProxyCare({ proxy, log }: Pick<Parts, 'proxy' | 'log'>): ProxyCare {
  let caddyVersion: string | null = null;
  let healthy = false;
  return {
    async ensure(signal) {
      try {
        const loaded = await proxy.ensureConfig(signal);
        if (loaded) log.info('base config loaded into Caddy');
        // Asking starts a process: only after Caddy itself may have changed.
        if (loaded || !healthy || caddyVersion === null) caddyVersion = await proxy.version();
        healthy = true;
      } catch (error) {
        healthy = false;
        throw error;
      }
    },
    known: () => ({ caddyVersion: healthy ? caddyVersion : null, healthy }),
  };
}
