/** The command that its reader runs next, for the daemon at hand. */
import { defaultDirectory } from './incusd.ts';
import type { Setup } from './setup.ts';

export function setupCommand({ directory }: Pick<Setup, 'directory'>): string {
  const other = directory === null || directory === defaultDirectory ? '' : ` --dir ${directory}`;
  return `npm run tidepool -- setup incus${other}`;
}

export function asRoot(setup: Pick<Setup, 'directory'>): {
  readonly fix: string;
  readonly commands: readonly string[];
} {
  return { fix: 'Run this as root.', commands: [`sudo ${setupCommand(setup)}`] };
}
