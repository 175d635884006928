/** What the set-up, the image builder and `createRuntime` take from here. */

export { type HostNetworks, readHostNetworks } from '../sandbox/host-networks.ts';
export { type Change, createIncusClient, type Found, type IncusClient } from './client/incus-client.ts';
export { formatPlace, IncusError, oldestVersion } from './client/incus-error.ts';
export * as incusReplies from './client/replies.ts';
export { removeWall as removeHostWall, wallTable as hostWallTable } from './host-wall.ts';
export { hasIncusIdentity, type IncusOptions } from './incus-home.ts';
export { hasMachineImage } from './incus-images.ts';
export { createIncusRuntime } from './incus-runtime.ts';
export { type Boot, bootConfig } from './instance-config.ts';
export { canRunMachines, chooseType } from './instance-type.ts';
export { type IncusPart, incusParts, type PartState, type PartsOptions } from './surroundings/parts.ts';
export { aclName, ours as incusLabel } from './surroundings/wanted.ts';
