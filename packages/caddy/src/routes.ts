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

/**
 * Runs `commit` inside an immediate database transaction that has just checked that the caller may still write
 * (its fence, or the workspace's version), and throws `fence_lost` without running it where it may not.
 */
export type Guard = (commit: () => void) => void;

export interface Routes {
  /** What is routed now, read from the truth (the directory, Caddy's config), never from memory. */
  list(): Promise<readonly WorkspaceRoutes[]>;

  /**
   * Makes exactly these routes the workspace's; none removes them all. Idempotent. Everything that can fail is prepared
   * first; what becomes visible does so inside `guard`, which runs once, also where nothing is to change: what the caller
   * writes down there is written in any case. A route that stays is not touched.
   * @throws TidepoolError `fence_lost` from the guard, `proxy_unavailable` (passing), `disk_full`
   */
  replace(workspace: string, routes: readonly Route[], guard: Guard): Promise<void>;
}

/** Programs Caddy: the base config, once. Only the worker calls it. */
export interface Proxy {
  /**
   * Loads the base config where Caddy does not have it: at start, and when Caddy lost it. A config Caddy has already is
   * left alone (a change closes every WebSocket).
   * @returns whether it had to be loaded
   * @throws TidepoolError `proxy_unavailable` (passing) where the admin endpoint does not answer in 3 s
   */
  ensureConfig(signal?: AbortSignal): Promise<boolean>;

  /** Version such as `2.11.7`, null where Caddy does not answer; never rejects. */
  version(): Promise<string | null>;
}
