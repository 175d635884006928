/** A process that builds a machine, to be killed: `node machine-build-process.ts OPTIONS`, JSON. Tells its stages on stderr. */
import { parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { z } from 'zod';
import { buildMachine } from '../../src/image/index.ts';
import { createIncusClient } from '../../src/incus/client/incus-client.ts';

const options = z
  .object({ source: z.string(), imagesDirectory: z.string(), project: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const around = { cwd: '/', homeDirectory: '/root', isRoot: true, totalMemoryMiB: 16_384 };
const config = { ...parseConfig(process.env, around).incus, project: options.project };
const client = createIncusClient(config.place);
const version = await buildMachine({
  ...options,
  client,
  config,
  // What takes mmdebstrap's place asks no archive.
  origin: { distribution: 'debian', release: 'bookworm', sources: '', aptOptions: [] },
  env: process.env,
  signal: AbortSignal.timeout(600_000),
  log: pino({ level: 'silent' }),
  onProgress: ({ stage }) => process.stderr.write(`${stage}\n`),
});
process.stdout.write(version);
await client.close();
