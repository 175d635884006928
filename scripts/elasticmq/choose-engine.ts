/** What ElasticMQ is run by: a container where a Docker engine answers, else Java with jars from Maven Central. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { TidepoolError } from '@tidepool/core';
import { type ElasticMqEngine, elasticMqImage, elasticMqVersion, fetchJars, jarsDirectory } from '@tidepool/queue';
import type { ElasticMqRun } from './run-elastic-mq.ts';

/** Milliseconds that a program may take to say what it is. */
const answerMs = 10_000;

/** @throws TidepoolError where the machine has neither, with the commands that mend it */
export async function chooseEngine(run: Omit<ElasticMqRun, 'port'>): Promise<ElasticMqEngine> {
  if (await answers('docker', ['version', '--format', '{{.Server.Version}}'])) return containerEngine(run);
  const { cache, say, ending } = run;
  const fetched = existsSync(jarsDirectory(cache));
  const missing: string[] = [];
  if (!(await answers('java', ['-version']))) missing.push('java');
  if (!fetched && !(await answers('mvn', ['-version']))) missing.push('mvn');
  if (missing.length > 0) throw nothingToRunItBy(missing);
  if (!fetched) say(`Fetching ElasticMQ ${elasticMqVersion} from Maven Central (37 MB, once) …`);
  const jars = await fetchJars(cache, ending).catch((error: unknown) => {
    ending.throwIfAborted();
    const words = error instanceof Error ? error.message.trim().split('\n').slice(0, 6).join('\n') : String(error);
    throw new TidepoolError('queue_unavailable', {
      detail: `ElasticMQ could not be fetched: ${words}`,
      fix: 'Maven needs a way to Maven Central, or a mirror in ~/.m2/settings.xml. Then start it again.',
    });
  });
  return { kind: 'java', jars };
}

async function containerEngine({ data, say, ending }: Omit<ElasticMqRun, 'port'>): Promise<ElasticMqEngine> {
  const container = `tidepool-elasticmq-${createHash('sha256').update(data).digest('hex').slice(0, 8)}`;
  if (await answers('docker', ['container', 'inspect', container])) {
    throw new TidepoolError('invalid_config', {
      detail: `The container ${container} works on ${data} already, left by an earlier start.`,
      fix: `Use it, or remove it: docker rm --force ${container}`,
    });
  }
  if (!(await answers('docker', ['image', 'inspect', elasticMqImage]))) {
    say(`Fetching the image ${elasticMqImage} …`);
    await pull(ending);
  }
  const { uid, gid } = statSync(data);
  return { kind: 'docker', container, user: `${uid}:${gid}` };
}

/** Its progress is shown as Docker shows it. */
async function pull(signal: AbortSignal): Promise<void> {
  const child = spawn('docker', ['pull', elasticMqImage], { stdio: 'inherit', signal });
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (code === 0) return;
  const fix = 'Docker says why above. Without Docker, Java and Maven do as well.';
  throw new TidepoolError('queue_unavailable', { detail: `The image ${elasticMqImage} could not be fetched.`, fix });
}

function nothingToRunItBy(missing: readonly string[]): TidepoolError {
  const packages = { java: 'default-jre-headless', mvn: 'maven' } as const;
  const wanted = Object.entries(packages).flatMap(([program, name]) => (missing.includes(program) ? name : []));
  const command =
    process.platform === 'darwin'
      ? '  brew install openjdk maven'
      : `  sudo apt-get update\n  sudo apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  const system = process.platform === 'darwin' ? 'With Homebrew' : 'On Debian or Ubuntu';
  return new TidepoolError('queue_unavailable', {
    detail: `ElasticMQ runs in Docker, or with Java and Maven. No Docker engine answers, and missing is: ${missing.join(', ')}.`,
    fix: `${system}:\n${command}\nThen start it again.`,
  });
}

/** Whether the program is there and ends well in time. */
async function answers(program: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(program, args, { timeout: answerMs, killSignal: 'SIGKILL' }).then(
    () => true,
    () => false,
  );
}
