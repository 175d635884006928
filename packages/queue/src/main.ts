/**
 * The process of the embedded queue: `tidepool up` starts it where no `TIDEPOOL_QUEUE_URL` is set. With the argument
 * `check` it says in one line of JSON (a `Finding`) what is found at the queue's endpoint, and ends.
 */
import { homedir, totalmem } from 'node:os';
import { type Config, parseConfig, TidepoolError } from '@tidepool/core';
import { pino } from 'pino';
import { connectQueue } from './connect-queue.ts';
import { startEmbeddedQueue } from './embedded.ts';

const log = pino({ name: 'queue' });

try {
  const config = parseConfig(process.env, {
    cwd: process.cwd(),
    homeDirectory: homedir(),
    isRoot: process.getuid?.() === 0,
    totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024),
  });
  log.level = config.logLevel;
  if (process.argv[2] === 'check') await check(config);
  else await serve(config);
} catch (error) {
  log.fatal({ err: error }, error instanceof TidepoolError ? error.message : 'the queue could not be started');
  process.exit(1);
}

async function check(config: Config): Promise<void> {
  const queue = connectQueue(config.queue, pino({ level: 'silent' }));
  process.stdout.write(`${JSON.stringify(await queue.check())}\n`);
  queue.close();
}

async function serve(config: Config): Promise<void> {
  const queue = await startEmbeddedQueue({ port: config.queue.port, log });
  const end = async (reason: string) => {
    log.info({ reason }, 'the queue ends');
    await queue.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end(signal));
  process.once('disconnect', () => end('disconnect'));
  process.send?.({ type: 'ready' });
}
