/**
 * A workspace's states and the actions that move it between them, as data.
 * Server, worker, SPA and CLI read this one table; nobody else knows a transition.
 */

export const statuses = ['creating', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting'] as const;
export type Status = (typeof statuses)[number];

/** What a person may ask for. `retry` is not here: it runs the action that failed again. */
export const actions = ['create', 'start', 'stop', 'restart', 'delete'] as const;
export type Action = (typeof actions)[number];

export interface Transition {
  /** Statuses the action is accepted in; empty for `create`, which makes the workspace. */
  readonly from: readonly Status[];
  readonly via: Status;
  /** `gone`: the row is removed and a tombstone left. */
  readonly to: Status | 'gone';
}

export const transitions = {
  create: { from: [], via: 'creating', to: 'running' },
  start: { from: ['stopped', 'error'], via: 'starting', to: 'running' },
  stop: { from: ['running', 'error'], via: 'stopping', to: 'stopped' },
  restart: { from: ['running', 'error'], via: 'starting', to: 'running' },
  delete: { from: ['creating', 'starting', 'running', 'stopping', 'stopped', 'error'], via: 'deleting', to: 'gone' },
} as const satisfies Record<Action, Transition>;

/** The buttons of a page and the verbs of a command line: the actions and `retry`. */
export type Verb = Exclude<Action, 'create'> | 'retry';

/** The statuses in which an instance holds, or may hold, memory of the host. */
export const occupying: readonly Status[] = ['creating', 'starting', 'running', 'stopping'];

/** The statuses that end by themselves: a job is at work. */
export const transient: readonly Status[] = ['creating', 'starting', 'stopping', 'deleting'];

interface Subject {
  readonly status: Status;
  readonly error: { readonly action: Action } | null;
}

/**
 * Whether `verb` may be asked of a workspace now. After a failed delete only delete and retry may:
 * a start would make an empty disk.
 */
export function can(verb: Verb, workspace: Subject): boolean {
  if (verb === 'retry') return workspace.status === 'error';
  if (workspace.status === 'error' && workspace.error?.action === 'delete') return verb === 'delete';
  const from: readonly Status[] = transitions[verb].from;
  return from.includes(workspace.status);
}

/** Why `verb` may not be asked now, in the reader's words; undefined where it may. */
export function whyNot(verb: Verb, workspace: Subject): string | undefined {
  if (can(verb, workspace)) return undefined;
  if (workspace.status === 'error') return 'Its deletion failed. Only retry and delete are possible.';
  if (verb === 'retry') return `Nothing failed: it is ${workspace.status}.`;
  return `It is ${workspace.status}. ${capitalised(verb)} is possible when it is ${transitions[verb].from.join(' or ')}.`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
