/** Telling what answered in Tidepool's place. */

/** The media type without its parameters, for people and to compare. */
export function mediaTypeOf(headers: Pick<Headers, 'get'>): string {
  return headers.get('content-type')?.split(';')[0] ?? 'of no type';
}

/**
 * Whether a status that is not Tidepool's is of a proxy that cannot reach it, which passes. By 511 a network asks for a
 * sign-in (RFC 6585, section 6).
 */
export function isOfProxy(status: number): boolean {
  return status >= 500 && status !== 511;
}
