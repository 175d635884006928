export { checkInvariants } from './check-invariants.ts';
export { createStore } from './create-store.ts';
export { currentHolder, isAlive } from './holder.ts';
export * from './store.ts';
