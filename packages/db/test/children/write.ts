/** Makes so many write transactions, each of which reads first, and says how many were refused. */
import { TidepoolError } from '@tidepool/core';
import { createStore } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const [path, name, times] = [argument(0), argument(1), Number(argument(2))];
const store = createStore({ path, budgetMiB: 1_000_000, leaseMs: 30_000 });
begin();
let refused = 0;
for (let turn = 0; turn < times; turn++) {
  try {
    store.resize(name, { memoryMiB: 512 + (turn % 2) * 512 }, { actor: 'user' });
  } catch (error) {
    if (!(error instanceof TidepoolError) || error.code !== 'busy') throw error;
    refused++;
  }
  // What a process does between two requests at the least.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.2);
}
say(String(refused));
store.close();
