/** To stopped; the disk stays. */
import { removeRoutes } from '../steps/remove-routes.ts';
import { stopInstance } from '../steps/stop-instance.ts';

export const stop = [removeRoutes, stopInstance];
