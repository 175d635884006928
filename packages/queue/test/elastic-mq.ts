/** A real ElasticMQ on a free port of 127.0.0.1, for tests: as `npm run elasticmq` runs it with Java. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ElasticMq, startElasticMq } from '../src/elastic-mq/elastic-mq.ts';
import { fetchJars, jarsDirectory } from '../src/elastic-mq/jars.ts';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tidepool');

/** Undefined where it can be run; else what is missing. */
export function missingForElasticMq(): string | undefined {
  const missing = ['java', ...(existsSync(jarsDirectory(cache)) ? [] : ['mvn'])].filter(
    (program) => spawnSync(program, ['-version']).status !== 0,
  );
  return missing.length > 0 ? missing.join(' and ') : undefined;
}

/** With storage in `data` that survives a kill, on `port` or a free one. */
export async function startTestElasticMq(data: string, port?: number): Promise<ElasticMq> {
  const signal = AbortSignal.timeout(300_000);
  const jars = await fetchJars(cache, signal);
  return startElasticMq({ kind: 'java', jars }, { data, port: port ?? (await freePort()) }, signal);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
