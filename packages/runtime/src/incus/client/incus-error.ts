/** What goes wrong between us and Incus: no answer at all, or an answer that refuses. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type IncusPlace, TidepoolError } from '@tidepool/core';

/** An answer of Incus that refuses, or the failure of an operation. */
export class IncusError extends Error {
  override readonly name = 'IncusError';
  /** As of HTTP: 404, 409, 412 …; 400 for a failed operation. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The oldest version whose API has what we use. */
export const oldestVersion = '6.0';

export function formatPlace(place: IncusPlace): string {
  return place.kind === 'unix' ? place.socket : place.url;
}

/** Why a request got no answer. What is only away for a while is passing. */
export function unreachable(place: IncusPlace, cause: unknown): TidepoolError {
  const at = formatPlace(place);
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') {
    return new TidepoolError('runtime_forbidden', {
      detail: `The socket of Incus at ${at} is not for this user.`,
      cause,
    });
  }
  if (place.kind === 'unix' && code === 'ENOENT' && !hasRun(place.socket)) {
    return new TidepoolError('runtime_missing', { detail: `There is no Incus at ${at}.`, cause });
  }
  const detail = `Incus does not answer at ${at}${cause instanceof Error ? ` (${cause.message})` : ''}.`;
  return new TidepoolError('runtime_unavailable', { detail, cause, passing: true });
}

/** 6.0 gives up for a minute where any interface of the host goes while it starts: that of an instance that ends, too. */
export const withoutBridge = /network "[^"]+" unavailable on this server/i;

/** It answers, but nothing can start. Passing: it tries again. */
export function noBridge(cause: IncusError): TidepoolError {
  const detail = `Incus could not raise its bridge yet, and tries again each minute (${cause.message}).`;
  return new TidepoolError('runtime_unavailable', { detail, cause, passing: true });
}

export function lacksBridge(error: unknown): boolean {
  return error instanceof TidepoolError && error.cause instanceof IncusError && withoutBridge.test(error.cause.message);
}

/** A daemon takes its socket along when it ends in order; its database stays. */
function hasRun(socket: string): boolean {
  return existsSync(`${dirname(socket)}/database`);
}
