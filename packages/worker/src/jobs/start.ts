/** From stopped, or from a failure, to an editor that answers. The disk is the one it had. */
import { ensureAddress } from '../steps/ensure-address.ts';
import { ensureIde } from '../steps/ensure-ide.ts';
import { ensureInstance } from '../steps/ensure-instance.ts';
import { ensureRoutes } from '../steps/ensure-routes.ts';
import { ensureRunning } from '../steps/ensure-running.ts';

export const start = [ensureInstance, ensureRunning, ensureAddress, ensureIde, ensureRoutes];
