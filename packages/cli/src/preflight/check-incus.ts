/** Whether Incus is there for the workspaces. */
import type { Check } from './look.ts';

export const checkIncus: Check = async ({ host, config }) =>
  config.runtime === 'incus' || config.runtime === 'auto' ? [...(await host.incus(config))] : [];
