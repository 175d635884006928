/** The command that its reader runs next, for the daemon at hand. */
import { defaultDirectory } from './incusd.ts';
import type { Setup } from './setup.ts';

export function setupCommand({ directory }: Pick<Setup, 'directory'>): string {
  const other = isElsewhere(directory) ? ` --dir ${directory}` : '';
  return `npm run tidepool -- setup incus${other}`;
}

/** Once the set-up is through. Another daemon's directory has to be said to it, too. */
export function startCommand({ directory }: Pick<Setup, 'directory'>): string {
  return isElsewhere(directory) ? `INCUS_DIR=${directory} npm start` : 'npm start';
}

export function asRoot(setup: Pick<Setup, 'directory'>): {
  readonly fix: string;
  readonly commands: readonly string[];
} {
  return { fix: 'Run this as root.', commands: [`sudo ${setupCommand(setup)}`] };
}

/** Null: on another machine, which its address names. */
function isElsewhere(directory: Setup['directory']): boolean {
  return directory !== null && directory !== defaultDirectory;
}
