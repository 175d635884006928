/**
 * What the editor finds when it looks through the extensions that it brings along, kept in the image: a new home begins
 * with it, and the first page of a new workspace does not wait for that look. VS Code trusts it as long as it was made of
 * the same version, place and date of the directory, and looks anew otherwise: `CachedExtensionsScanner` of its
 * `extensionsScannerService.ts`.
 */
import { mkdir, readFile, realpath, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { guestTree } from '../../sandbox/guest-etc.ts';

/** Below a home. */
const place = '.local/share/code-server/CachedProfilesData/__default__profile__/extensions.builtin.cache';

/** Gives the directory a date of whole seconds, as which an archive keeps it. Before the editor looks. */
export async function dateExtensions(tree: string): Promise<void> {
  const directory = join(tree, 'lib/code-server/lib/vscode/extensions');
  const seconds = Math.floor((await stat(directory)).mtimeMs / 1000);
  await utimes(directory, seconds, seconds);
}

/**
 * Takes it from the home of an editor that runs from the tree, once it is written whole, into what new homes begin with.
 * False where it did not come before the deadline, or names nothing in the tree.
 */
export async function keepExtensionCache(tree: string, home: string, deadline: AbortSignal): Promise<boolean> {
  const written = await untilWhole(join(home, place), deadline);
  const here = inJson(await realpath(tree));
  if (!written?.includes(here)) return false;
  const kept = join(tree, 'share/skel', place);
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(kept, written.replaceAll(here, guestTree));
  return true;
}

/** The editor writes it a moment after its first page. Null after the deadline. */
async function untilWhole(path: string, deadline: AbortSignal): Promise<string | null> {
  while (!deadline.aborted) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (isJson(text)) return text;
    await pause(100);
  }
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** As it stands between the quotes. */
function inJson(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}
