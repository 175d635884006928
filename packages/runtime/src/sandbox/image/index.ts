/** The workspace image of the sandbox: built, found, opened. */
export * from './build-image.ts';
export type { BuildProgress } from './build-progress.ts';
export * from './file-lock.ts';
export * from './image-source.ts';
export * from './image-tree.ts';
