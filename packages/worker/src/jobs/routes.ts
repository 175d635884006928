/** The ports of a running workspace changed. Nothing of it is disturbed, also where this fails. */
import { ensureRoutes } from '../steps/ensure-routes.ts';

export const routes = [ensureRoutes];
