/** A running ElasticMQ: started, waited for, ended. For `npm run elasticmq`, and for tests that meet the real one. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ElasticMqEngine, type ElasticMqPlace, engineCommand } from './engine-command.ts';

export interface ElasticMq {
  readonly endpoint: string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Asks it to end, and waits; by force after 10 s. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** Milliseconds. */
const patience = { start: 90_000, stop: 10_000 };

/** What it says goes to `elasticmq.log` beside its data, anew at each start. Resolves once it answers. */
export async function startElasticMq(
  engine: ElasticMqEngine,
  place: ElasticMqPlace,
  signal: AbortSignal,
): Promise<ElasticMq> {
  const logPath = join(place.data, 'elasticmq.log');
  const log = await open(logPath, 'w', 0o600);
  const [program, ...args] = [...tie(), ...engineCommand(engine, place)];
  // A group of its own: Ctrl-C is for whoever started it, who then asks it to end.
  const child = spawn(program ?? '', args, { stdio: ['ignore', log.fd, log.fd], detached: true });
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, killer) => resolve(code ?? killer ?? 'nothing'));
    child.once('error', (error) => resolve(error.message));
  });
  await log.close();
  const endpoint = `http://127.0.0.1:${place.port}`;

  async function kill(): Promise<void> {
    if (engine.kind === 'docker')
      await promisify(execFile)('docker', ['kill', engine.container]).catch(() => undefined);
    child.kill('SIGKILL');
    await ended;
  }

  try {
    await untilItAnswers(endpoint, ended, signal);
    refuseBrokenStorage(await readFile(logPath, 'utf8'));
  } catch (cause) {
    await kill();
    signal.throwIfAborted();
    throw new Error(`ElasticMQ did not start: ${whyNot(await readFile(logPath, 'utf8')) ?? String(cause)}`, { cause });
  }
  return {
    endpoint,
    ended,
    kill,
    async stop() {
      child.kill('SIGTERM');
      const late = pause(patience.stop, 'late' as const, { ref: false });
      if ((await Promise.race([ended, late])) === 'late') await kill();
    },
  };
}

/** It goes on without a storage that it cannot open, and then answers no send. */
function refuseBrokenStorage(log: string): void {
  if (log.includes('ActorInitializationException')) throw new Error('its storage cannot be opened');
}

/** The cause that it names itself, or the first line that is an error. */
function whyNot(log: string): string | undefined {
  const lines = log.split('\n');
  const line = lines.find((each) => each.startsWith('Caused by: ')) ?? lines.find((each) => / ERROR |rror:/.test(each));
  return line?.replace('Caused by: ', '').trim();
}

/** Where Linux lets us: it ends when we are gone, however we ended. */
function tie(): string[] {
  const prefix = ['setpriv', '--pdeathsig', 'TERM'];
  return spawnSync('setpriv', [...prefix.slice(1), 'true']).status === 0 ? prefix : [];
}

async function untilItAnswers(endpoint: string, ended: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  ended.then((how) => over.abort(new Error(`it ended with ${how}`)));
  const waiting = AbortSignal.any([signal, over.signal, AbortSignal.timeout(patience.start)]);
  for (;;) {
    waiting.throwIfAborted();
    const answered = await fetch(`${endpoint}/health`, { signal: waiting }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await pause(100, undefined, { signal: waiting });
  }
}
