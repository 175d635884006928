/** Opens the database, says its id, and closes it. */
import { createStore } from '../../src/index.ts';
import { argument, begin, say } from './begin.ts';

const path = argument(0);
begin();
const store = createStore({ path, budgetMiB: 4096, leaseMs: 30_000 });
say(store.databaseId());
store.close();
