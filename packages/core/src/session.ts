/**
 * Sessions, as the server makes them and Caddy checks them: an empty file in `HOME/sessions` whose name is the token,
 * and a cookie that holds it. Pure: names, formats and what a return address may be.
 */

/** 256 bits as base64url without padding. */
export const sessionToken = /^[A-Za-z0-9_-]{43}$/;

/** With the app port in it: cookies ignore ports, and two installations on one host must not overwrite each other's. */
export function sessionCookieName(appPort: number): string {
  return `tidepool_${appPort}`;
}

/**
 * Where a sign-in may lead back to: a path on the workspace origin, with its query. It begins with `/workspace/`, has no
 * `//` and no dot segment in its path (browsers resolve `%2e` too), and nowhere a backslash, a space or a control character.
 */
export function isReturnPath(path: string): boolean {
  if (!/^\/workspace\/[\x21-\x5b\x5d-\x7e]*$/.test(path)) return false;
  const [beforeQuery = ''] = path.split(/[?#]/, 1);
  return !beforeQuery.includes('//') && !/\/(\.|%2e){1,2}(\/|$)/i.test(beforeQuery);
}

/**
 * The return address in a request's URL (`/app/sign-in?return=/workspace/web/?a=1&b=2`). Caddy puts the original URI there
 * as it is, for it cannot escape it: so `return` is the last parameter, reaches to the end, and is not decoded.
 * @returns null where it is missing or `isReturnPath` refuses it
 */
export function returnPathOf(url: string): string | null {
  const [, path] = /^[^?]*\?(?:[^=&]*=[^&]*&)*?return=(.*)$/s.exec(url) ?? [];
  return path !== undefined && isReturnPath(path) ? path : null;
}
