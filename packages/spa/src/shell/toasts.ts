/** Messages that belong to no place on the page: what was refused, what was done. */
import type { Problem } from '@tidepool/core';
import { createStore } from '../live/store.ts';

export interface Toast {
  readonly id: number;
  readonly title: string;
  /** Shown whole, with its fix and request id, until it is dismissed. Without one the message leaves by itself. */
  readonly problem: Problem | null;
}

export interface Toasts {
  get(): readonly Toast[];
  subscribe(listener: () => void): () => void;
  /** @param title what did not work, in place of the problem's own title */
  problem(problem: Problem, title?: string): void;
  say(title: string): void;
  dismiss(id: number): void;
}

const shownMs = 5_000;
const most = 4;

export function createToasts(): Toasts {
  const store = createStore<readonly Toast[]>([]);
  let lastId = 0;
  const dismiss = (id: number) => store.set(store.get().filter((toast) => toast.id !== id));
  const add = (toast: Omit<Toast, 'id'>): number => {
    lastId += 1;
    store.set([...store.get(), { ...toast, id: lastId }].slice(-most));
    return lastId;
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    problem: (problem, title = problem.title) => {
      add({ title, problem });
    },
    say: (title) => {
      const id = add({ title, problem: null });
      setTimeout(() => dismiss(id), shownMs);
    },
    dismiss,
  };
}
