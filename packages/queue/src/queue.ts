/** The port of the queue, and the names and times that every server of it gets. */
import type { Finding } from '@tidepool/core';

/**
 * The `Queue` port: nudges that a job is due. Delivery is at least once, in no order, and may fail altogether; nothing
 * depends on a message but speed. Every adapter passes `contract.ts`.
 *
 * Where the server does not answer, every method but `check` rejects with the TidepoolError `queue_unavailable`
 * (passing). Where the caller's signal is aborted, it rejects with the signal's reason. A server that lost its queues
 * gets them again by the next call, whichever it is.
 */
export interface Queue {
  /** Makes the queue and its dead-letter queue, where they are missing, and sets their attributes. Idempotent. */
  ensure(signal?: AbortSignal): Promise<void>;

  /** Sends a body as it stands. `{jobId}` as JSON is what Tidepool sends. Rejects where the server does not answer within 5 s. */
  send(body: string, signal?: AbortSignal): Promise<void>;

  /**
   * Waits up to 20 s on the server (no polling) for up to `max` (1 to 10) messages; an empty list where none came.
   * A failure takes a second to be reported, and so does an early end without messages: a loop around it is no busy loop.
   */
  receive(options: { readonly max: number; readonly signal: AbortSignal }): Promise<readonly QueueMessage[]>;

  /** The same for the dead-letter queue, without waiting. */
  receiveDead(options: { readonly max: number; readonly signal: AbortSignal }): Promise<readonly QueueMessage[]>;

  /** What is found at the endpoint now, within 5 s: `ok`, or a warning that says why not. Changes nothing, never rejects. */
  check(): Promise<Finding>;

  close(): void;
}

export interface QueueMessage {
  readonly body: string;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  /** Deleting twice, or after the visibility time, is no error. */
  delete(): Promise<void>;
  /** Hides it for so many whole seconds from now; what a holder's heartbeat calls. No error where the message is gone. */
  extend(seconds: number): Promise<void>;
}

/** Names, and times in seconds, as every server gets them. */
export const queueNames = { jobs: 'jobs', dead: 'jobs-dead' } as const;
export const visibilitySeconds = 30;
export const maxReceiveCount = 5;
/** How long a `receive` waits on the server; SQS allows no more. */
export const waitSeconds = 20;
