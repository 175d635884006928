/** ElasticMQ from whatever the machine has, to its end: what is missing is said, one at a time works on its data. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { elasticMqVersion, startElasticMq } from '@tidepool/queue';
import { lockFile } from '@tidepool/runtime';
import { chooseEngine } from './choose-engine.ts';

export interface ElasticMqRun {
  readonly port: number;
  /** Absolute. */
  readonly data: string;
  /** Where jars are kept; absolute. */
  readonly cache: string;
  /** A line for people. */
  readonly say: (line: string) => void;
  readonly ending: AbortSignal;
}

/** Resolves once it has ended because it was asked to. @throws TidepoolError for what the reader has to mend */
export async function runElasticMq({ port, data, cache, say, ending }: ElasticMqRun): Promise<void> {
  makeDirectory(data);
  const lock = await lockData(data);
  try {
    await refuseTakenPort(port);
    const engine = await chooseEngine({ data, cache, say, ending });
    const server = await startElasticMq(engine, { data, port }, ending).catch((error: unknown) => {
      ending.throwIfAborted();
      const detail = error instanceof Error ? error.message : String(error);
      throw new TidepoolError('queue_unavailable', { detail, fix: `All that it said is in ${data}/elasticmq.log` });
    });
    say(`ElasticMQ ${elasticMqVersion} listens on ${server.endpoint}, and keeps its messages in ${data}.`);
    say(`Tidepool uses it when started with: TIDEPOOL_QUEUE_URL=${server.endpoint} npm start`);
    say('Ctrl-C ends it.');
    const asked = new Promise<'asked'>((resolve) => ending.addEventListener('abort', () => resolve('asked')));
    const how = await Promise.race([asked, server.ended]);
    if (how !== 'asked') {
      const fix = `Start it again. What it said is in ${data}/elasticmq.log`;
      throw new TidepoolError('queue_unavailable', { detail: `ElasticMQ ended by itself (${how}).`, fix });
    }
    say('Ending ElasticMQ.');
    await server.stop();
  } catch (error) {
    if (!ending.aborted) throw error;
  } finally {
    await lock.release();
  }
}

function makeDirectory(data: string): void {
  try {
    mkdirSync(data, { recursive: true });
    chmodSync(data, 0o700);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const fix = 'Name one that you may write: npm run elasticmq -- --data DIRECTORY';
    throw new TidepoolError('invalid_config', { detail: `${data} cannot be used (${reason}).`, fix, cause });
  }
}

async function lockData(data: string) {
  const path = join(data, 'lock');
  const lock = await lockFile(path, { wait: false });
  if (lock === null) {
    const pid = readFileSync(path, 'utf8').trim();
    throw new TidepoolError('invalid_config', {
      detail: `Another ElasticMQ runs on ${data}${pid === '' ? '' : ` (started by process ${pid})`}.`,
      fix: 'Use that one, or start this one with a --data and a --port of its own.',
    });
  }
  writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  return lock;
}

/** Before it is started: it would only say so in its log, and whoever has the port would be taken for it. */
async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(null)));
  });
  if (failure === null) return;
  const detail =
    failure.code === 'EADDRINUSE'
      ? `Port ${port} on 127.0.0.1 is taken by another program.`
      : `Port ${port} on 127.0.0.1 cannot be used (${failure.code}).`;
  throw new TidepoolError('invalid_config', { detail, fix: `Take another: npm run elasticmq -- --port ${port + 100}` });
}
