/** What the checks may ask of the machine. One real one; tests hand in machines that lack things. */
import type { Config, Finding } from '@tidepool/core';

export interface CommandResult {
  /** Null where the program is not there, or did not end in time. */
  readonly code: number | null;
  /** Both streams, trimmed. */
  readonly output: string;
}

/** `free`, or the code of what `listen` failed with. */
export type PortState = 'free' | 'EADDRINUSE' | 'EACCES' | 'EADDRNOTAVAIL' | 'other';

export interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly isRoot: boolean;
  /** Null where there is no such file. */
  read(path: string): string | null;
  exists(path: string): boolean;
  /** Null where there is nothing. */
  stat(path: string): { readonly mode: number } | null;
  /** Whether this process may write in the directory. */
  writable(path: string): boolean;
  /** Of the file system that the path is on, or will be. `type` is statfs(2)'s magic number. */
  disk(path: string): Promise<{ readonly type: number; readonly freeMiB: number }>;
  /** Ends it after 20 s. `asSandbox`: as the user that sandboxes run as, where there is one already. */
  run(argv: readonly [string, ...string[]], options?: { readonly asSandbox?: boolean }): Promise<CommandResult>;
  listen(address: string, port: number): Promise<PortState>;
  /** Whether CPU and memory of sandboxes can be limited. */
  limits(): Finding;
  /** What the set-up of Incus finds, where workspaces are to run there; else why they do not, where one would ask. */
  incus(config: Config): Promise<readonly Finding[]>;
}
