/** To nothing but a tombstone: the only job that destroys user data. */
import { removeInstance } from '../steps/remove-instance.ts';
import { removeLogs } from '../steps/remove-logs.ts';
import { stop } from './stop.ts';

export const deletion = [...stop, removeInstance, removeLogs];
