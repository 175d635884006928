/** Whether a program can be found: on the PATH, or where Debian puts what is root's and an ordinary PATH leaves out. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export function isProgramThere(name: string, path = process.env.PATH ?? ''): boolean {
  return [...path.split(':'), '/usr/sbin', '/sbin'].some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
