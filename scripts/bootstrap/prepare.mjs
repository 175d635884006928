/** Installs the dependencies where they are missing or stale, and finds the Node that everything else runs on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { whyStale } from './why-stale.mjs';

const neededMajor = 24;

/**
 * @param {string} root the clone
 * @returns {{ node: string } | { problem: string }}
 */
export function prepare(root) {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const installed = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  const pinnedIsGone =
    installed?.includes(`"node_modules/node-${process.platform}-${process.arch}"`) && !existsSync(pinned);
  const stale = pinnedIsGone
    ? 'the pinned Node is gone'
    : whyStale(readIfThere(join(root, 'package-lock.json')), installed, process);
  if (stale !== undefined) {
    console.error(`Installing the dependencies (${stale}). This takes about a minute the first time.`);
    const problem = install(root);
    if (problem !== undefined) return { problem };
  }
  if (existsSync(pinned)) return { node: pinned };
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return { node: process.execPath };
  const problem = `Tidepool runs on Node ${neededMajor}. None is packaged for ${process.platform}-${process.arch}, and this is ${process.version}: install Node ${neededMajor} or later, then run this again.`;
  return { problem };
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
