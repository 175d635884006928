/**
 * The `Routes` port: public paths of workspaces, and the addresses behind them. Changing one workspace's routes never
 * disturbs another's connections (invariant 5). Every adapter and the fake pass `contract.ts`.
 */
import type { RouteTarget } from '@tidepool/core';

export interface Route {
  /** `ide` is `/workspace/NAME/*`; a number is `/workspace/NAME/port/N/*`. */
  readonly port: 'ide' | number;
  readonly target: RouteTarget;
  /** Whether the application sees the path without its prefix. Always true for the IDE. */
  readonly stripPrefix: boolean;
}

export interface WorkspaceRoutes {
  readonly workspace: string;
  readonly routes: readonly Route[];
}

/** The permission to change a workspace's routes, as the database gives it: by a job's fence, or by the workspace's version. */
export interface Guard {
  /**
   * Whether the caller may write now. Changes nothing, and may be asked any number of times.
   * @throws TidepoolError `fence_lost`, `cancelled` where it may not
   */
  check(): void;
  /**
   * Runs `change` inside an immediate database transaction that has just checked the same, and that may write down more
   * than routes.
   * @throws TidepoolError `fence_lost`, `cancelled` without having run it
   */
  commit(change: () => void): void;
}

/** The guard whose transaction does nothing of its own: to check is to commit no change. */
export function guardOf(commit: Guard['commit']): Guard {
  return { check: () => commit(() => undefined), commit };
}

export interface Routes {
  /** What is routed now, read from the truth (the directory, Caddy's config), never from memory. Rejects as `signal` is aborted. */
  list(signal?: AbortSignal): Promise<readonly WorkspaceRoutes[]>;

  /**
   * Makes exactly these routes the workspace's; none removes them all. Idempotent; a route that stays is not touched.
   * Everything that can fail is prepared first. What can change inside a database transaction does so inside
   * `guard.commit`. What cannot (Caddy's config is changed by a request) changes under the condition that nobody has
   * written since before `guard.check` was passed, and `guard.commit` comes after it. Either way a writer that was
   * suspended never overwrites its successor, and `commit` runs once, also where nothing is to change.
   * An abort ends it with the signal's reason, the wait for its turn too; what Caddy was asked for by then may still happen.
   * @throws TidepoolError what the guard throws, `proxy_unavailable` (passing), `disk_full`
   */
  replace(workspace: string, routes: readonly Route[], guard: Guard, signal?: AbortSignal): Promise<void>;
}

/** Programs Caddy: the base config, once. Only the worker calls it. */
export interface Proxy {
  /**
   * Loads the base config where Caddy does not have it: at start, and when Caddy lost it. A config Caddy has already is
   * left alone (a change closes every WebSocket). Routes that stand in Caddy's config stay in it.
   * @returns whether it had to be loaded
   * @throws TidepoolError `proxy_unavailable` (passing) where the admin endpoint does not answer in 3 s; `caddy_too_old`
   */
  ensureConfig(signal?: AbortSignal): Promise<boolean>;

  /** Version such as `2.11.7`, null where Caddy does not answer; never rejects. */
  version(): Promise<string | null>;
}
