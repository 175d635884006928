/** What every part of the store works with. */
import type { Connection } from './connection.ts';
import type { FreePages } from './free-pages.ts';
import type { Reserve } from './reserve.ts';
import type { Statements } from './statements.ts';
import type { World } from './world.ts';

export interface Context extends Connection {
  readonly statements: Statements;
  readonly world: World;
  readonly reserve: Reserve;
  readonly freePages: FreePages;
  /** Where the database is. */
  readonly directory: string;
  readonly budgetMiB: number;
  /** Milliseconds a lease lasts without heartbeat. */
  readonly leaseMs: number;
}

/** Now, as it is stored: UTC, ISO 8601 with milliseconds. */
export function timestampNow({ world }: Pick<Context, 'world'>): string {
  return world.now().toISOString();
}
