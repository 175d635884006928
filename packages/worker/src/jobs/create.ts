/** A new workspace: from nothing to an editor that answers. It boots while its repository is cloned, where it has one. */
import { cloneSource } from '../steps/clone-source.ts';
import { ensureAddress } from '../steps/ensure-address.ts';
import { ensureIde } from '../steps/ensure-ide.ts';
import { ensureInstance } from '../steps/ensure-instance.ts';
import { ensureRoutes } from '../steps/ensure-routes.ts';
import { ensureRunning } from '../steps/ensure-running.ts';

export const create = [ensureInstance, ensureRunning, ensureAddress, cloneSource, ensureIde, ensureRoutes];
