/** Whether the list of all keys is open. */
import { createStore } from '../live/store.ts';

export const keysList = createStore(false);
