/** `npm run elasticmq` as its owner meets it: with Java for real, with a double of the `docker` command, with neither. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createSqsQueue } from '@tidepool/queue';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missingForElasticMq } from '../../packages/queue/test/elastic-mq.ts';
import { root } from '../root.ts';

const missing = missingForElasticMq();
const running = new Set<ChildProcess>();
let place: string;
let port: number;

beforeEach(async () => {
  place = await mkdtemp('/tmp/tp-emq-');
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  port = typeof address === 'object' && address ? address.port : 0;
  probe.close();
});
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  running.clear();
  await rm(place, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
  /** Resolves once it has said so; rejects where it ends before. */
  says(words: string): Promise<void>;
}

function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, ['scripts/elasticmq.ts', '--port', String(port), ...args], {
    cwd: root,
    env: { ...process.env, TIDEPOOL_HOME: join(place, 'home'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    child,
    output: () => output,
    ended,
    async says(words) {
      const over = ended.then(() => true);
      while (!output.includes(words)) {
        const late = new Promise<false>((resolve) => setTimeout(resolve, 50, false));
        if ((await Promise.race([over, late])) && !output.includes(words)) throw new Error(`it ended:\n${output}`);
      }
    },
  };
}

describe.skipIf(missing !== undefined)(`with Java${missing ? ` (skipped: ${missing} missing here)` : ''}`, () => {
  // Whether this machine has Docker or not, it is not asked.
  const java = async () => ({ PATH: `${await programs({ docker: 'exit 1' })}:${process.env.PATH}` });

  test('it says what to set, keeps messages over a kill -9, and ends in order on Ctrl-C', async () => {
    const env = await java();
    const first = start([], env);
    await first.says('Ctrl-C ends it.');
    expect(first.output()).toContain(`TIDEPOOL_QUEUE_URL=http://127.0.0.1:${port} npm start`);
    const queue = createSqsQueue({ endpoint: `http://127.0.0.1:${port}`, log: pino({ level: 'silent' }) });
    await queue.send('kept');
    first.child.kill('SIGKILL');
    await first.ended;
    // The server itself ends behind it: nobody would be left to end it.
    await expect.poll(async () => (await queue.check()).status, { timeout: 30_000 }).toBe('warning');

    const second = start([], env);
    await second.says('Ctrl-C ends it.');
    const [message] = await queue.receive({ max: 1, signal: AbortSignal.timeout(60_000) });
    expect(message?.body).toBe('kept');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect((await queue.check()).status).toBe('warning');
    queue.close();
  });

  test('a second one on the same data ends with one line that names the first, and what to do', async () => {
    const env = await java();
    const first = start([], env);
    await first.says('Ctrl-C ends it.');
    const second = start([], env);
    expect(await second.ended).toBe(1);
    expect(second.output().trim().split('\n')).toEqual([
      `Another ElasticMQ runs on ${place}/home/elasticmq (started by process ${first.child.pid}).`,
      'Use that one, or start this one with a --data and a --port of its own.',
    ]);
  });

  test('one that ends by itself is said, and the command ends with 1', async () => {
    const run = start([], await java());
    await run.says('Ctrl-C ends it.');
    const pid = Number((await readFile(`/proc/${run.child.pid}/task/${run.child.pid}/children`, 'utf8')).trim());
    process.kill(pid, 'SIGKILL');
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('ElasticMQ ended by itself (SIGKILL).');
  });

  test('data that it cannot read is said with its own words, instead of a queue that takes nothing', async () => {
    await mkdir(join(place, 'data'));
    await writeFile(join(place, 'data/messages.mv.db'), 'no database '.repeat(2_000));
    const run = start(['--data', join(place, 'data')], await java());
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/^ElasticMQ did not start: .*File corrupted while reading record/);
    expect(run.output()).toContain(`${place}/data/elasticmq.log`);
  });
});

test('a taken port is said before anything is started', async () => {
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  const run = start();
  expect(await run.ended).toBe(1);
  holder.close();
  expect(run.output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
});

test.each([
  [['--port', 'http'], '--port must be a port'],
  [['--data', '/tmp/a;b'], '--data must be a directory without'],
  [['--prot', '9324'], "Unknown option '--prot'"],
])('%j is refused with how to use it', async (args, words) => {
  const run = start(args);
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain(words);
  expect(run.output()).toContain('npm run elasticmq -- [--port 9324]');
});

test('with neither Docker nor Java it says what to install', async () => {
  const run = start([], { PATH: await programs({}), XDG_CACHE_HOME: join(place, 'cache') });
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('missing is: java, mvn');
  expect(run.output()).toContain('  sudo apt-get install -y --no-install-recommends default-jre-headless maven');
});

test('jars that cannot be fetched are said so, and nothing half-made stays', async () => {
  const cache = join(place, 'cache');
  await mkdir(join(cache, 'tidepool', 'elasticmq-1.6.14.part-999999999-killed', 'lib'), { recursive: true });
  const PATH = await programs({ java: 'exit 0', mvn: '[ "$1" = -version ] || { echo "no way there" >&2; exit 1; }' });
  const run = start([], { PATH, XDG_CACHE_HOME: cache });
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('ElasticMQ could not be fetched');
  expect(run.output()).toContain('no way there');
  expect(await readdir(join(cache, 'tidepool'))).toEqual([]);
});

describe('with a double of the docker command', () => {
  /** Answers as an engine would; `run` listens where it was told to, and says what it was called with. */
  const docker = (inspect: number) => `
    echo "$*" >> ${place}/calls
    case "$1 $2" in
      "container inspect") exit ${inspect};;
      "run --rm") exec ${process.execPath} -e '
        const [, host, port] = /--publish (\\S+):(\\d+):9324/.exec(process.argv.slice(1).join(" "));
        require("http").createServer((q, p) => p.end("OK")).listen(Number(port), host);
        process.on("SIGTERM", () => process.exit(143));' -- "$@";;
    esac`;

  test('the pinned image runs on loopback, with our configuration and data of ours', async () => {
    const run = start([], { PATH: await programs({ docker: docker(1) }) });
    await run.says('Ctrl-C ends it.');
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    const call = (await readFile(join(place, 'calls'), 'utf8')).split('\n').find((line) => line.startsWith('run'));
    expect(call).toContain(`--publish 127.0.0.1:${port}:9324`);
    expect(call).toContain(`source=${root}packages/queue/elasticmq.conf,target=/opt/elasticmq.conf,readonly`);
    expect(call).toContain(`source=${place}/home/elasticmq,target=/data`);
    expect(call).toMatch(/ softwaremill\/elasticmq:1\.6\.14$/);
  });

  test('a container that an earlier start left is named, with the command that removes it', async () => {
    const run = start([], { PATH: await programs({ docker: docker(0) }) });
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/docker rm --force tidepool-elasticmq-[0-9a-f]{8}/);
  });
});

/** A directory of programs that are shell scripts of one test, beside what we need ourselves. @returns its path */
async function programs(scripts: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(place, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  for (const name of ['flock', 'setpriv']) await symlink(`/usr/bin/${name}`, join(bin, name)).catch(() => undefined);
  return bin;
}
