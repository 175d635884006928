/**
 * Changes a part of Caddy's config from what it is, not from what somebody remembers: it is read, and written under the
 * condition (`If-Match`) that it has stayed the same. Caddy compares and changes under one lock.
 */
import { TidepoolError } from '@tidepool/core';
import { type AdminAnswer, type AdminRequest, exchange, refusal } from './admin-client.ts';

export interface ConfigPart {
  /** `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`. */
  readonly admin: string;
  /** `/config/…` or `/id/…`. */
  readonly path: string;
  /** `POST` sets the whole config, `PATCH` replaces what is there. */
  readonly method: 'POST' | 'PATCH';
  readonly signal?: AbortSignal | undefined;
}

/** How often others may be quicker. They are few: jobs of one process take turns. */
const mostAttempts = 50;

/**
 * @param change from the part as it is (undefined where it is not there) to what it should be; null: nothing is to change.
 * It runs again where somebody else was quicker, and what it throws is thrown.
 * @returns whether it was changed
 * @throws TidepoolError `proxy_unavailable`, passing but where Caddy refused
 */
export async function changeConfig(part: ConfigPart, change: (present: unknown) => object | null): Promise<boolean> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const { present, etag } = await readConfig(part);
    const wanted = change(present);
    if (wanted === null) return false;
    if (await writeConfig(part, wanted, etag)) return true;
  }
  throw new TidepoolError('proxy_unavailable', {
    detail: `Somebody else changed Caddy's config ${mostAttempts} times meanwhile.`,
    passing: true,
  });
}

/** `present` is undefined where Caddy has no such part. */
export async function readConfig({
  admin,
  path,
  signal,
}: Omit<ConfigPart, 'method'>): Promise<{ readonly present: unknown; readonly etag: string | null }> {
  const request: AdminRequest = { method: 'GET', path, signal };
  const answer = await exchange(admin, request);
  // So it says of an `@id` that it does not know.
  if (answer.status === 404) return { present: undefined, etag: null };
  if (answer.status !== 200) throw refusal(request, answer);
  return { present: asJson(request, answer), etag: answer.etag };
}

function asJson(request: AdminRequest, answer: AdminAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw refusal(request, answer);
  }
}

async function writeConfig(part: ConfigPart, wanted: object, etag: string | null): Promise<boolean> {
  const { admin, path, method, signal } = part;
  if (etag === null) {
    throw new TidepoolError('proxy_unavailable', { detail: `Caddy marks what it has at ${path} with no Etag.` });
  }
  const request: AdminRequest = { method, path, json: JSON.stringify(wanted), ifMatch: etag, signal };
  const answer = await exchange(admin, request);
  if (answer.status === 200) return true;
  if (answer.status === 412) return false;
  throw refusal(request, answer);
}
