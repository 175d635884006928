/** What workspaces are made of: described, built, found, removed. */
export type { BuildOptions } from './build-parts.ts';
export type { BuildProgress } from './build-progress.ts';
export * from './file-lock.ts';
export * from './machine/build-machine.ts';
export { trialLabel } from './machine/incus-image-store.ts';
export type { SystemOrigin } from './machine/install-system.ts';
export { type BaseSystem, machineVersion } from './machine/machine-version.ts';
export * from './machine/remove-machine.ts';
export { imageName, imageSource } from './recipe.ts';
export * from './tree/build-tree.ts';
export * from './tree/image-tree.ts';
export { removeTreeImage } from './tree/remove-tree-image.ts';
export { treeVersion } from './tree/tree-version.ts';
