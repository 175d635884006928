/** Which processes a Tidepool is made of, and how each is started. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@tidepool/core';
import type { Credentials, Secrets } from '../home/secrets.ts';
import { caddySpec } from './caddy-process.ts';
import type { ProcessSpec } from './keeper.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** In the order of their start; the queue only where the embedded one is meant. */
export function processSpecs(config: Config, secrets: Credentials & Secrets, env: Environment): ProcessSpec[] {
  // The password itself is nobody's but the caller's: Caddy checks a hash, by way of the worker.
  const { TIDEPOOL_PASSWORD: _, ...common } = env;
  // Nor are credentials of the queue Caddy's.
  const { TIDEPOOL_QUEUE_URL: __, ...forCaddy } = common;
  const shared = {
    ...common,
    TIDEPOOL_HOME: config.home,
    TIDEPOOL_IMAGES: config.paths.images,
    // Half of a process's start is compiling what it imports.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(config.paths.run, 'compile-cache'),
  };
  const server = { ...shared, TIDEPOOL_PROXY_SECRET: secrets.proxy };
  return [
    ...(config.queue.url === null ? [node('queue', shared)] : []),
    caddySpec(config, forCaddy),
    node('server', server),
    node('worker', { ...server, TIDEPOOL_PASSWORD_HASH: secrets.passwordHash }),
  ];
}

/**
 * What loading drizzle leaves to collect would otherwise stay as heap for good: 241 MB resident instead of 106, measured
 * right after the import. The ceiling is four times what a process was seen to use.
 */
const heap = ['--max-semi-space-size=2', '--max-old-space-size=512'];

function node(name: 'queue' | 'server' | 'worker', env: Environment): ProcessSpec {
  const main = fileURLToPath(new URL(`../../../${name}/src/main.ts`, import.meta.url));
  return { name, command: () => [process.execPath, ...heap, main], env, ipc: true, output: 'pipe', mark: main };
}
