/** A process that builds an image, to be killed: `node build-process.ts SOURCE IMAGES`. Prints the image as JSON. */
import { pino } from 'pino';
import { buildTree } from '../../src/image/index.ts';

const [source = '', imagesDirectory = ''] = process.argv.slice(2);
// As on machines whose administrators close everything.
process.umask(0o077);
const image = await buildTree({
  source,
  imagesDirectory,
  env: process.env,
  signal: AbortSignal.timeout(100_000),
  log: pino({ level: 'silent' }),
  onProgress: ({ stage }) => process.stderr.write(`${stage}\n`),
});
process.stdout.write(JSON.stringify(image));
