/** A server gone wild: creates, acts and changes ports until it is killed, and says each job that was accepted. */
import { TidepoolError } from '@tidepool/core';
import { createStore } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const path = argument(0);
const store = createStore({ path, budgetMiB: 8192, leaseMs: 2_000 });
const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot'];
const verbs = ['start', 'stop', 'restart', 'delete', 'retry'] as const;
const asUser = { actor: 'user' } as const;

begin();
for (;;) {
  try {
    const { job } = ask();
    if (job) say(job.id);
  } catch (error) {
    if (!(error instanceof TidepoolError)) throw error;
    if (error.code === 'busy' || error.code === 'disk_full') throw error;
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

function ask() {
  const name = pick(names);
  const dice = Math.random();
  if (dice < 0.3) return store.create({ name, image: 'workspace@1', cpus: 1, memoryMiB: 1024, diskGiB: 20 }, asUser);
  const port = 3000 + Math.floor(Math.random() * 6);
  if (dice < 0.4) return store.addPort(name, { port, label: null, stripPrefix: true }, asUser);
  if (dice < 0.45) return store.removePort(name, port, asUser);
  return store.act(name, pick(verbs), asUser);
}

function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
