/** Asks for the same so many times: `create` with a key, `create` without, or `start`. Says what came of each. */
import { TidepoolError } from '@tidepool/core';
import { createStore, type RequestContext } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const [path, what, times] = [argument(0), argument(1), Number(argument(2))];
const store = createStore({ path, budgetMiB: 1_000_000, leaseMs: 30_000 });
const keyed: RequestContext = { actor: 'user', idempotency: { key: 'the-key', bodyHash: 'the-hash' } };

function ask() {
  if (what === 'start') return store.act('web', 'start', { actor: 'user' });
  const input = { name: 'web', image: 'workspace@1', cpus: 1, memoryMiB: 512, diskGiB: 20 };
  return store.create(input, what === 'create-keyed' ? keyed : { actor: 'user' });
}

begin();
for (let turn = 0; turn < times; turn++) {
  try {
    const { workspace, job } = ask();
    say(`${workspace.id} ${job.id}`);
  } catch (error) {
    if (!(error instanceof TidepoolError)) throw error;
    say(error.code);
  }
}
store.close();
