/** Reads which workspace, and which port of it, an address of the workspace origin means. */

export interface WorkspaceAddress {
  readonly name: string;
  /** null: the editor. */
  readonly port: number | null;
}

/** `uri` as it came to Caddy, which matches paths cleaned and decoded: `/workspace/a/%2e%2e/b/` is b's. */
export function workspaceAddress(uri: string): WorkspaceAddress | null {
  const path = cleanPath(uri);
  const [, name, port] =
    /^\/workspace\/([a-z0-9][a-z0-9-]{0,62})(?:\/port\/([0-9]{1,5})(?=\/|$))?(?:\/|$)/.exec(path) ?? [];
  if (name === undefined) return null;
  return { name, port: port === undefined ? null : Number(port) };
}

function cleanPath(uri: string): string {
  const url = URL.parse(`http://localhost${uri.startsWith('/') ? uri : '/'}`);
  try {
    return decodeURIComponent(url?.pathname ?? '/');
  } catch {
    return '/';
  }
}
