/** Reads the file table: which routes stand in the directory, and what else lies there. `file-table.ts` shows the layout. */
import { readdirSync } from 'node:fs';
import { workspaceName } from '@tidepool/core';
import type { Route } from './routes.ts';
import { decodeTarget, encodeTarget } from './target-file.ts';

/** Names no workspace can have; in the same file system as the routes, so that a rename is atomic. */
export const stagingName = '.staging';

/** A route as it lies in its workspace's directory: `<place>/<file>`. */
export interface RouteFile {
  /** `ide`, `3000` or `3000-kept`. */
  readonly place: string;
  /** The address; null where the place is not a directory with just one. */
  readonly file: string | null;
  /** Null for a stray: something that is no route. */
  readonly route: Route | null;
}

export function routeFileOf(route: Route): RouteFile & { readonly file: string } {
  const place = route.port === 'ide' || route.stripPrefix ? String(route.port) : `${route.port}-kept`;
  return { place, file: encodeTarget(route.target), route };
}

/** The names of workspaces, ascending, and of strays. An absent directory is an empty one. */
export function readWorkspaces(directory: string): { readonly workspaces: string[]; readonly strays: string[] } {
  const names = entries(directory).filter(({ name }) => name !== stagingName);
  const isWorkspace = ({ name, isDirectory }: Entry) => isDirectory && workspaceName.safeParse(name).success;
  return {
    workspaces: names.filter(isWorkspace).map(({ name }) => name),
    strays: names.filter((entry) => !isWorkspace(entry)).map(({ name }) => name),
  };
}

/** What lies in one workspace's directory: the editor first, ports ascending. An absent directory is an empty one. */
export function readRouteFiles(directory: string): RouteFile[] {
  return entries(directory)
    .map(({ name: place, isDirectory }): RouteFile => {
      const files = isDirectory ? entries(`${directory}/${place}`) : [];
      const [only] = files;
      if (only === undefined || files.length > 1 || only.isDirectory) return { place, file: null, route: null };
      return { place, file: only.name, route: decodeRoute(place, only.name) };
    })
    .sort((a, b) => order(a) - order(b));
}

function decodeRoute(place: string, file: string): Route | null {
  const target = decodeTarget(file);
  if (target === null) return null;
  if (place === 'ide') return { port: 'ide', target, stripPrefix: true };
  const [, port, kept] = /^([1-9][0-9]{0,4})(-kept)?$/.exec(place) ?? [];
  return port === undefined ? null : { port: Number(port), target, stripPrefix: kept === undefined };
}

function order({ route }: RouteFile): number {
  if (route === null) return Number.POSITIVE_INFINITY;
  return route.port === 'ide' ? 0 : route.port;
}

interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Synchronous: also read inside a database transaction. A directory that is renamed out meanwhile is an absent one. */
function entries(directory: string): Entry[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
