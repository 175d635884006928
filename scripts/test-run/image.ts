/** The workspace image that all tests share, built once into a cache that outlives the clone. */
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildTree } from '../../packages/runtime/src/image/index.ts';

/** @returns the directory for TIDEPOOL_IMAGES */
export async function prepareImage(say: (line: string) => void): Promise<string> {
  const imagesDirectory = process.env.TIDEPOOL_IMAGES ?? cacheDirectory();
  await mkdir(imagesDirectory, { recursive: true });
  const shown = new Set<string>();
  const { version } = await buildTree({
    imagesDirectory,
    env: process.env,
    log: pino({ level: 'silent' }),
    signal: AbortSignal.timeout(20 * 60_000),
    onProgress({ title }) {
      if (!shown.has(title)) say(title);
      shown.add(title);
    },
  });
  say(`workspace@${version} in ${imagesDirectory}`);
  return imagesDirectory;
}

/** As root sandboxes run as another user, who cannot enter root's own home. */
function cacheDirectory(): string {
  if (process.getuid?.() === 0) return '/var/cache/tidepool/images';
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tidepool', 'images');
}
