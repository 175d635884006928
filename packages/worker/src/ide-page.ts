/** Asks an editor for its page or its health, over TCP or the unix socket of a relay. */
import type { RouteTarget } from '@tidepool/core';
import { Client } from 'undici';
import { z } from 'zod';

export interface PageAnswer {
  readonly ready: boolean;
  /** For people: a status, or why there was none. */
  readonly what: string;
}

/** Milliseconds for all of an answer. The first page takes code-server a while once, as that is when it loads the editor. */
const answerMs = 20_000;
const mostRedirects = 3;
/** What answers is the workspace's own program and may be anything. */
const mostBytes = 4 * 1024 * 1024;

export interface IdePage {
  /**
   * One GET of `/`, redirects within the editor followed (code-server leads to `/?folder=…`); ready means 200.
   * Whatever else happens is an answer too: only an abort rejects.
   */
  ask(signal: AbortSignal): Promise<PageAnswer>;
  close(): Promise<void>;
}

/** To be asked again and again. @param relay the directory of the sockets of relays */
export function openPage(target: RouteTarget, relay: string): IdePage {
  const client = clientOf(target, relay);
  return { ask: (signal) => askPage(client, signal), close: () => client.destroy() };
}

async function askPage(client: Client, signal: AbortSignal): Promise<PageAnswer> {
  // Whoever sends a byte now and then, or `103 Early Hints` without end, breaks none of the client's own limits.
  const late = AbortSignal.timeout(answerMs);
  const limits = AbortSignal.any([signal, late]);
  try {
    let path = '/';
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const { statusCode, headers, body } = await client.request({ method: 'GET', path, signal: limits });
      await body.dump();
      // An aborted dump is no failure.
      limits.throwIfAborted();
      if (statusCode === 200) return { ready: true, what: '200' };
      const location = headers.location;
      if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') {
        return { ready: false, what: `${statusCode}` };
      }
      const next = new URL(location, new URL(path, editorOrigin));
      path = `${next.pathname}${next.search}`;
    }
    return { ready: false, what: 'too many redirects' };
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return { ready: false, what: `no whole answer in ${answerMs / 1000} s` };
    return { ready: false, what: error instanceof Error ? error.message : 'no answer' };
  }
}

/** The last millisecond of a `Date` (ECMAScript, time values). */
const mostTime = 8.64e15;
/** `GET /healthz` of code-server: while an editor is connected the heartbeat moves about once a minute. */
const health = z.object({ lastHeartbeat: z.number().positive().max(mostTime) });

/** When somebody was last connected, now at the latest; null where nobody was, or it does not answer. */
export async function lastHeartbeat(target: RouteTarget, relay: string, signal: AbortSignal): Promise<Date | null> {
  const client = clientOf(target, relay);
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path: '/healthz', signal });
    const parsed = statusCode === 200 ? health.safeParse(await body.json()) : null;
    if (parsed === null) await body.dump();
    // The program is the workspace's own: a time to come would be kept as the last access for ever.
    return parsed?.success ? new Date(Math.min(parsed.data.lastHeartbeat, Date.now())) : null;
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    await client.destroy();
  }
}

const editorOrigin = 'http://localhost';

function clientOf(target: RouteTarget, relay: string): Client {
  const limits = { connectTimeout: 2000, headersTimeout: answerMs, bodyTimeout: answerMs, maxResponseSize: mostBytes };
  if (target.kind === 'unix') {
    return new Client(editorOrigin, { socketPath: `${relay}/${target.instance}/${target.port}.sock`, ...limits });
  }
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return new Client(`http://${host}:${target.port}`, limits);
}
