/** `npm run elasticmq`: a real ElasticMQ in the foreground, for whoever wants Tidepool's production queue. */
import { homedir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig, TidepoolError } from '@tidepool/core';
import { runElasticMq } from './elasticmq/run-elastic-mq.ts';

const usage = `Starts ElasticMQ, the queue for an office server, on 127.0.0.1. Ctrl-C ends it.

  npm run elasticmq -- [--port 9324] [--data DIRECTORY]

  --port   where it listens
  --data   where it keeps messages; elasticmq/ in TIDEPOOL_HOME unless told`;

const options = {
  port: { type: 'string', default: '9324' },
  data: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const ending = new AbortController();
// SIGUSR2: npm is gone, see run.sh.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => ending.abort());

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof TidepoolError)) throw error;
  console.error(`${error.message}\n${error.fix}`);
  process.exit(1);
}

async function main(): Promise<number> {
  const { port, data, help } = read();
  if (help) {
    console.log(usage);
    return 0;
  }
  const { home } = parseConfig(process.env, {
    cwd: process.cwd(),
    homeDirectory: homedir(),
    isRoot: process.getuid?.() === 0,
    totalMemoryMiB: Math.floor(totalmem() / 2 ** 20),
  });
  await runElasticMq({
    port,
    data: resolve(data ?? join(home, 'elasticmq')),
    cache: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tidepool'),
    say: (line) => console.log(line),
    ending: ending.signal,
  });
  return 0;
}

/** @throws TidepoolError `invalid_config` */
function read() {
  const wrong = (detail: string) => new TidepoolError('invalid_config', { detail, fix: usage });
  try {
    const { values } = parseArgs({ options });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) {
      throw wrong(`--port must be a port from 1 to 65535, not "${values.port}".`);
    }
    // A database's address ends at one of these, or a mount's does.
    if (/[;:,]/.test(values.data ?? '')) throw wrong('--data must be a directory without any of ; : ,');
    return { ...values, port };
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) throw wrong(error.message);
    throw error;
  }
}
