/**
 * The `Routes` port as files that Caddy looks up at each request (`file-table.ts` shows the layout). A route is built aside
 * and renamed in, a changed address is a renamed file, a removed route is renamed out and then deleted: what a request
 * meets is always whole, and no other route is touched.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { TidepoolError } from '@tidepool/core';
import { type RouteFile, readRouteFiles, readWorkspaces, routeFileOf, stagingName } from './route-files.ts';
import type { Route, Routes } from './routes.ts';

export interface FileRoutesOptions {
  /** Absolute. Made at the first route. */
  readonly directory: string;
  /** Told of what lies in the directory and is no route, by its path below it. It is left alone. */
  readonly onStray: (path: string) => void;
  /** Milliseconds after which what lies aside belongs to a crashed run; building a route takes about one. */
  readonly stagingExpires?: number;
}

export function createFileRoutes({ directory, onStray, stagingExpires = 60_000 }: FileRoutesOptions): Routes {
  const stagingRoot = `${directory}/${stagingName}`;
  return {
    list: (signal) =>
      translated(async () => {
        signal?.throwIfAborted();
        await clearStaging(stagingRoot, Date.now() - stagingExpires);
        const { workspaces, strays } = readWorkspaces(directory);
        for (const stray of strays) onStray(stray);
        return workspaces.map((workspace) => {
          const files = readRouteFiles(`${directory}/${workspace}`);
          for (const { place, route } of files) if (route === null) onStray(`${workspace}/${place}`);
          return { workspace, routes: files.flatMap(({ route }) => route ?? []) };
        });
      }),

    replace: (workspace, routes, guard, signal) =>
      translated(async () => {
        // A few entries: done at once they take less than handing them to other threads.
        mkdirSync(stagingRoot, { recursive: true, mode: 0o700 });
        const staging = mkdtempSync(`${stagingRoot}/`);
        try {
          const moves = prepare({ directory: `${directory}/${workspace}`, staging, routes });
          signal?.throwIfAborted();
          guard.commit(() => moveAll(moves));
        } finally {
          rmSync(staging, { recursive: true, force: true });
        }
      }),
  };
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Builds under `staging/in` what is missing and says which renames make the workspace's routes these; `staging/out` takes the old. */
function prepare(work: { directory: string; staging: string; routes: readonly Route[] }): Move[] {
  const { directory, staging } = work;
  const present = readRouteFiles(directory);
  const wanted = work.routes.map(routeFileOf);
  const incoming = `${staging}/in`;
  const outgoing = `${staging}/out`;
  mkdirSync(incoming, { mode: 0o700 });
  if (wanted.length === 0) return present.length === 0 ? [] : [{ from: directory, to: outgoing }];

  mkdirSync(outgoing, { mode: 0o700 });
  const added = wanted.filter(({ place }) => !movable(present, place));
  for (const { place, file } of added) {
    mkdirSync(`${incoming}/${place}`, { mode: 0o700 });
    writeFileSync(`${incoming}/${place}/${file}`, '', { mode: 0o600 });
  }
  if (present.length === 0) return [{ from: incoming, to: directory }];

  const isWanted = ({ place }: RouteFile) => wanted.some((route) => route.place === place);
  const out = ({ place }: RouteFile): Move => ({ from: `${directory}/${place}`, to: `${outgoing}/${place}` });
  return [
    // Strays in the way go first and routes that end go last, so that a port whose prefix is kept from now on has no gap.
    ...present.filter((file) => isWanted(file) && file.route === null).map(out),
    ...wanted.flatMap(({ place, file }) => {
      const old = movable(present, place)?.file ?? file;
      return old === file ? [] : [{ from: `${directory}/${place}/${old}`, to: `${directory}/${place}/${file}` }];
    }),
    ...added.map(({ place }) => ({ from: `${incoming}/${place}`, to: `${directory}/${place}` })),
    ...present.filter((file) => !isWanted(file)).map(out),
  ];
}

/** The route at that place, where it is one whose address a rename of its file can change. */
function movable(present: readonly RouteFile[], place: string): RouteFile | undefined {
  return present.find((file) => file.place === place && file.route !== null);
}

/** All or none: runs inside a database transaction, so it is synchronous, and what it did before a failure is undone. */
function moveAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      renameSync(move.from, move.to);
      done.unshift(move);
    }
  } catch (error) {
    for (const { from, to } of done) renameSync(to, from);
    throw error;
  }
}

/** What crashed runs left aside. Somebody else's young one is left alone: two workers may run for a moment. */
async function clearStaging(stagingRoot: string, before: number): Promise<void> {
  await mkdir(stagingRoot, { recursive: true, mode: 0o700 });
  for (const name of await readdir(stagingRoot)) {
    const found = await stat(`${stagingRoot}/${name}`, { throwIfNoEntry: false });
    if (found && found.mtimeMs < before) await rm(`${stagingRoot}/${name}`, { recursive: true, force: true });
  }
}

/** A full disk is for people to mend; anything else of the file system may pass (a directory that was renamed meanwhile). */
async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) throw cause;
    if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') throw new TidepoolError('disk_full', { cause });
    throw new TidepoolError('proxy_unavailable', {
      detail: `The routes could not be read or written: ${cause.message}`,
      passing: true,
      cause,
    });
  }
}
