/**
 * Whether node_modules holds what package-lock.json asks for. npm writes `node_modules/.package-lock.json` last, when
 * all is in place, and `npm ci` begins by removing it: an install that was killed has none.
 */

/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, optional?: boolean, peer?: boolean }} Entry
 * @param {string | undefined} wanted the text of package-lock.json
 * @param {string | undefined} installed the text of node_modules/.package-lock.json
 * @param {{ platform: string, arch: string }} machine
 * @returns {string | undefined} why an install is needed; undefined where it is not
 */
export function whyStale(wanted, installed, machine) {
  if (wanted === undefined) return 'package-lock.json is missing';
  if (installed === undefined) return 'there are none yet';
  const have = packagesOf(installed);
  for (const [path, entry] of packagesOf(wanted)) {
    const found = have.get(path);
    // Optional ones are there only where they fit the machine; the pinned Node must be, where there is one.
    const mayLack = entry.optional && path !== `node_modules/node-${machine.platform}-${machine.arch}`;
    if (found === undefined && !mayLack) return `${nameOf(path)} is missing`;
    if (found !== undefined && (found.version !== entry.version || found.integrity !== entry.integrity)) {
      return `${nameOf(path)} has changed`;
    }
    have.delete(path);
  }
  const [extra] = have.keys();
  return extra === undefined ? undefined : `${nameOf(extra)} is no longer needed`;
}

/**
 * What lies in node_modules, by path; links to our own packages included.
 * @param {string} text
 * @returns {Map<string, Entry>}
 */
function packagesOf(text) {
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages } = JSON.parse(text);
  return new Map(Object.entries(packages).filter(([path]) => path.includes('node_modules/')));
}

/** @param {string} path */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
