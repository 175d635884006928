/** Run as a process of its own by tests: writes activity to a database, as the worker would. */
import { createStore } from '@tidepool/db';
import { createWorkspace } from './drive.ts';

const [path, count] = process.argv.slice(2);
if (path === undefined) throw new Error('which database?');
const store = createStore({ path, budgetMiB: 1_000_000, leaseMs: 30_000 });
for (let index = 0; index < Number(count); index += 1) {
  createWorkspace(store, `other-${index}`);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
store.close();
