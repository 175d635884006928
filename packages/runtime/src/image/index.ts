/** The workspace image: built, found, opened. */
export type { BuildProgress } from './build-progress.ts';
export * from './file-lock.ts';
export * from './tree/build-tree.ts';
export * from './tree/image-tree.ts';
export * from './tree/tree-version.ts';
