/** A real ElasticMQ for tests, where there is no Docker: its jars from Maven Central, kept in a cache beside the clone. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const version = '1.6.14';
const jars = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tidepool', `elasticmq-${version}`);

/** Undefined where it can be run; else what is missing. */
export function missingForElasticMq(): string | undefined {
  const missing = ['java', ...(existsSync(jars) ? [] : ['mvn'])].filter(
    (program) => spawnSync(program, ['-version']).status !== 0,
  );
  return missing.length > 0 ? missing.join(' and ') : undefined;
}

/**
 * Fetches the jars once (37 MB). Safe when two do it at once: each into a directory of its own, and the first to rename
 * it to the final name wins.
 */
export async function fetchElasticMq(): Promise<string> {
  if (existsSync(jars)) return jars;
  await mkdir(dirname(jars), { recursive: true });
  const work = await mkdtemp(`${jars}.part-`);
  try {
    await writeFile(join(work, 'pom.xml'), pom);
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', '-DoutputDirectory=lib'];
    await promisify(execFile)('mvn', args, { timeout: 300_000 });
    await rename(join(work, 'lib'), jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return jars;
}

export interface ElasticMq {
  readonly endpoint: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1, with storage that survives a kill in `directory`. */
export async function startElasticMq(directory: string): Promise<ElasticMq> {
  const lib = await fetchElasticMq();
  const port = await freePort();
  const config = join(directory, 'elasticmq.conf');
  const output = join(directory, 'elasticmq.log');
  await writeFile(config, configuration(port, directory));
  const out = await open(output, 'a');
  const args = ['-Xmx128m', `-Dconfig.file=${config}`, '-cp', `${lib}/*`, 'org.elasticmq.server.Main'];
  const child = spawn('java', args, { stdio: ['ignore', out.fd, out.fd] });
  await out.close();
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(endpoint, child);
  } catch (cause) {
    await killed(child);
    throw new Error(`ElasticMQ did not start:\n${await readFile(output, 'utf8')}`, { cause });
  }
  return { endpoint, kill: () => killed(child) };
}

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const signal = AbortSignal.timeout(90_000);
  while (child.exitCode === null) {
    const answered = await fetch(`${endpoint}/health`, { signal }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(100, undefined, { signal });
  }
  throw new Error(`it ended with ${child.exitCode}`);
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** `WRITE_DELAY=0`: without it a kill within a second of the send loses the message. */
function configuration(port: number, directory: string): string {
  return `include classpath("application.conf")
node-address { protocol = http, host = "elasticmq.invalid", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-hostname = "127.0.0.1", bind-port = ${port}, sqs-limits = strict }
rest-stats { enabled = false }
messages-storage {
  enabled = true, driver-class = "org.h2.Driver", uri = "jdbc:h2:${directory}/messages;WRITE_DELAY=0"
  username = "", password = "", prune-data-on-init = false
}
queues-storage { enabled = true, path = "${directory}/queues.conf" }
queues {
  jobs { defaultVisibilityTimeout = 10 seconds, deadLettersQueue { name = "jobs-dead", maxReceiveCount = 3 } }
  jobs-dead { }
}
`;
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidepool</groupId>
  <artifactId>elasticmq-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.elasticmq</groupId>
      <artifactId>elasticmq-server_2.13</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
