/** A new run of the same disk. Run again after a crash, it does not stop what it has started itself. */
import { start } from './start.ts';
import { stop } from './stop.ts';

export const restart = [...stop, ...start];
