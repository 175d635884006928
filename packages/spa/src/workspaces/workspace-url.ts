/** Where a workspace and its ports are reached: on the other origin. */
import type { Host } from '@tidepool/core';

/** @param path such as `/workspace/web/` */
export function workspaceUrl(
  origins: Host['origins'],
  path: string,
  here: Pick<Location, 'protocol' | 'hostname'> = location,
): string {
  return `${origins.workspace ?? `${here.protocol}//${here.hostname}:${origins.workspacePort}`}${path}`;
}

/** For reading: without the scheme. */
export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '');
}
