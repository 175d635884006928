/** Where the tests on Incus cannot be run. */
import { readFileSync } from 'node:fs';

/** @returns why not, with what to do; null where they can */
export function refusal(isRoot = process.getuid?.() === 0, release = osRelease()): string | null {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, words = '']) => words.split(' '));
  if (!ids.includes('debian') && !ids.includes('ubuntu')) {
    return 'npm run test:incus installs Incus, which it can on Debian and Ubuntu only.';
  }
  if (isRoot) return null;
  return 'npm run test:incus installs and starts an Incus of its own, for which it must be root: sudo npm run test:incus';
}

/** Empty where there is none. */
function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
