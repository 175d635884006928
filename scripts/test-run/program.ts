/** Whether a program (or a file, by its path) can be found: on the PATH, or in root's directories, which not every PATH has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export function isProgramThere(name: string, path = process.env.PATH ?? ''): boolean {
  return [...path.split(':'), '/usr/sbin', '/sbin'].some((directory) => existsSync(resolve(directory, name)));
}
