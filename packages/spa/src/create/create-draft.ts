/** What of the form outlives the page. */
export const createDraft = 'create';

/** What was typed; what is missing is offered. */
export interface CreateDraft {
  readonly name?: string;
  readonly cpus?: string;
  readonly memory?: string;
  readonly disk?: string;
  readonly image?: string;
  readonly git?: string;
  readonly ref?: string;
  /** The body that was sent last, and its idempotency key: after a lost answer the same form makes no second one. */
  readonly sent?: string;
  readonly key?: string;
}
