/** Caddy as the worker knows it: its config is loaded wherever it is missing, and its version is asked for only then. */
import { type Finding, type HostRecord, TidepoolError } from '@tidepool/core';
import type { Parts } from './parts.ts';

export interface ProxyCare {
  /**
   * @returns whether Caddy may have other routes than it had: it was given its config, or has come back with what it kept
   * @throws `proxy_unavailable` where Caddy does not answer, `caddy_too_old` where it cannot keep terminals open
   */
  ensure(signal: AbortSignal): Promise<boolean>;
  known(): {
    readonly state: Pick<HostRecord['routes'], 'caddyVersion' | 'healthy'>;
    readonly findings: readonly Finding[];
  };
}

export function createProxyCare({ proxy, log }: Pick<Parts, 'proxy' | 'log'>): ProxyCare {
  let caddyVersion: string | null = null;
  let healthy = false;
  let findings: readonly Finding[] = [];
  return {
    async ensure(signal) {
      try {
        const loaded = await proxy.ensureConfig(signal);
        if (loaded) log.info('base config loaded into Caddy');
        const isNew = loaded || !healthy;
        // Asking starts a process: only after Caddy itself may have changed.
        if (isNew || caddyVersion === null) caddyVersion = await proxy.version();
        healthy = true;
        findings = [];
        return isNew;
      } catch (error) {
        healthy = false;
        findings = tooOld(error);
        throw error;
      }
    },
    known: () => ({ state: { caddyVersion: healthy ? caddyVersion : null, healthy }, findings }),
  };
}

/** In the place of what the preflight said of Caddy: a worker that was started alone had none. */
function tooOld(error: unknown): Finding[] {
  if (!(error instanceof TidepoolError) || error.code !== 'caddy_too_old') return [];
  return [{ id: 'caddy', title: 'Caddy', status: 'failed', detail: error.message, fix: error.fix, commands: [] }];
}
