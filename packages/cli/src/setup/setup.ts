/** What the set-up works on: which Incus, what of it is to be ours, and what its owner asked for. */
import type { Config, Ipv4Range } from '@tidepool/core';
import type { IncusClient } from '@tidepool/runtime';
import type { Host } from '../preflight/host.ts';
import type { SetupRecord } from './setup-record.ts';
import type { Survey } from './survey.ts';

export interface Setup {
  readonly config: Config;
  readonly host: Host;
  readonly incus: IncusClient;
  /** INCUS_DIR: everything that the daemon keeps. Null where it is on another machine. */
  readonly directory: string | null;
  readonly record: SetupRecord;
  /** Of whoever asked for it: a daemon that is started goes to the internet as they do. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** GiB that a new pool gets; null: a third of what is free. */
  readonly poolGiB: number | null;
  /** The range that a new bridge must get; null: the configured one, or another where that is taken. */
  readonly subnet: Ipv4Range | null;
  /** Tells what is being done. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a step finds. */
export type StepState =
  | { readonly kind: 'done'; readonly detail: string }
  /**
   * `will`: what it is going to change, one line each, as the plan shows them. `mendsItself`: the worker puts it right
   * whenever it starts, and while it runs.
   */
  | {
      readonly kind: 'todo';
      readonly detail: string;
      readonly will: readonly string[];
      readonly mendsItself?: true;
    }
  /** Nothing that the set-up may or can do. */
  | { readonly kind: 'blocked'; readonly detail: string; readonly fix: string; readonly commands?: readonly string[] }
  /** It works, but its owner should know. */
  | { readonly kind: 'warning'; readonly detail: string; readonly fix: string; readonly commands?: readonly string[] };

export interface Step {
  /** As findings name it, such as `incus.pool`. */
  readonly id: string;
  readonly title: string;
  /** Whether it is about something that the daemon keeps. */
  readonly isInside: boolean;
  /** Changes nothing. */
  look(setup: Setup, survey: Survey): Promise<StepState> | StepState;
  /** Done again after a kill it ends in the same state. */
  apply(setup: Setup, survey: Survey): Promise<void>;
}
