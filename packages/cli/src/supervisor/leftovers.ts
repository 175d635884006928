/**
 * What a supervisor that was killed left behind. Caddy is adopted, so that open terminals stay open; the others end by
 * themselves when their channel closes, and are helped along where they do not. The sandboxes are the worker's to adopt.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isAlive, type ProcessIdentity } from '../process-identity.ts';
import type { ProcessRecord } from './process-record.ts';

/** Milliseconds that a process may take to end by itself. */
const patience = 5_000;

/** @returns the Caddy that may be adopted: one that was started as `caddyMark` says; null where there is none */
export async function clearLeftovers(
  record: ProcessRecord,
  { caddyMark, log }: { readonly caddyMark: string | null; readonly log: Logger },
): Promise<ProcessIdentity | null> {
  let caddy: ProcessIdentity | null = null;
  for (const [name, { mark, ...identity }] of Object.entries(record.read())) {
    if (!isAlive(identity)) record.note(name, null);
    else if (name === 'caddy' && mark === caddyMark) caddy = identity;
    else {
      log.info({ process: name, pid: identity.pid }, 'left behind by an earlier start; ended');
      await end(identity);
      record.note(name, null);
    }
  }
  return caddy;
}

async function end(identity: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (isAlive(identity)) process.kill(identity.pid, signal);
    for (const until = performance.now() + patience; isAlive(identity) && performance.now() < until; ) await sleep(20);
  }
}
