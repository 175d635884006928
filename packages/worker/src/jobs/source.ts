/** The repository of a running workspace, where it could not be cloned before. Nothing else of it is disturbed. */
import { cloneSource } from '../steps/clone-source.ts';
import { ensureRoutes } from '../steps/ensure-routes.ts';

// Ports that changed meanwhile wait for this job, as for every other.
export const source = [cloneSource, ensureRoutes];
