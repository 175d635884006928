/**
 * Messages that belong to no place on the page: what was refused, what was done. They are our own and not Base UI's: an
 * error has to be said also before the later parts of the page are there, and when they cannot be fetched.
 */
import type { Problem } from '@tidepool/core';
import { createStore } from '../live/store.ts';

export interface Toast {
  readonly id: number;
  readonly title: string;
  /** Shown whole, with its fix and request id, until it is dismissed. */
  readonly problem: Problem | null;
  /** Whose change was refused or failed. */
  readonly workspaceName: string | undefined;
  /** What could not be copied: shown to be copied by hand, until it is dismissed. */
  readonly text: string | undefined;
}

export interface Toasts {
  get(): readonly Toast[];
  subscribe(listener: () => void): () => void;
  /** @param title what did not work, in place of the problem's own title */
  problem(problem: Problem, title?: string, workspaceName?: string): void;
  say(title: string): void;
  /** The browser did not let `text` be copied. */
  byHand(text: string): void;
  dismiss(id: number): void;
  /** While they are read, by pointer or focus, none leaves by itself. */
  hold(): void;
  release(): void;
}

const shownMs = 6_000;
const most = 4;

export function createToasts(): Toasts {
  const store = createStore<readonly Toast[]>([]);
  let lastId = 0;
  let timers: ReturnType<typeof setTimeout>[] = [];
  const dismiss = (id: number) => store.set(store.get().filter((toast) => toast.id !== id));
  const add = (toast: Omit<Toast, 'id'>): number => {
    lastId += 1;
    // The same said twice is one message.
    const others = store
      .get()
      .filter(({ title, problem }) => title !== toast.title || problem?.code !== toast.problem?.code);
    store.set([...others, { ...toast, id: lastId }].slice(-most));
    return lastId;
  };
  const leaveSoon = (id: number) => timers.push(setTimeout(() => dismiss(id), shownMs));
  return {
    get: store.get,
    subscribe: store.subscribe,
    problem: (problem, title = problem.title, workspaceName = undefined) => {
      add({ title, problem, workspaceName, text: undefined });
    },
    say: (title) => {
      leaveSoon(add({ title, problem: null, workspaceName: undefined, text: undefined }));
    },
    byHand: (text) => {
      add({ title: 'This browser does not let it be copied', problem: null, workspaceName: undefined, text });
    },
    dismiss,
    hold: () => {
      for (const timer of timers) clearTimeout(timer);
      timers = [];
    },
    release: () => {
      for (const { id, problem, text } of store.get()) if (!problem && text === undefined) leaveSoon(id);
    },
  };
}
