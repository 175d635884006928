/** A real ElasticMQ as the queue: late, killed in the middle of each job, down for a while, emptied. Nothing is lost. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteQueueCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Action, type Job, type JobKind, jobMessage, type StepName } from '@tidepool/core';
import { checkInvariants } from '@tidepool/db';
import type { ElasticMq } from '@tidepool/queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { missingForElasticMq, startTestElasticMq } from '../packages/queue/test/elastic-mq.ts';
import { agentJourney, follow } from './agent-journey.ts';
import { freezeEditor } from './inside.ts';
import { createRunning, finished, freePorts, startTidepool, type Tidepool, until } from './tidepool.ts';

const missing = missingForElasticMq();
const logged = z.object({ msg: z.string() });

describe.skipIf(missing !== undefined)(`with ElasticMQ${missing ? ` (skipped: ${missing} missing here)` : ''}`, () => {
  let data: string;
  let port: number;
  let server: ElasticMq | null = null;
  let tidepool: Tidepool;

  beforeAll(async () => {
    data = await mkdtemp('/tmp/tp-mq-');
    [port = 0] = await freePorts(1);
    tidepool = await startTidepool({ env: { TIDEPOOL_QUEUE_URL: url() } });
  });
  afterAll(async () => {
    await tidepool?.dispose();
    await down();
    await rm(data, { recursive: true, force: true });
  });

  const url = () => `http://127.0.0.1:${port}`;
  const up = async () => {
    server = await startTestElasticMq(data, port);
  };
  const down = async () => {
    await server?.kill();
    server = null;
  };
  const called = (id: string) => ({ params: { id } });
  const found = async () => {
    const { queue, observed } = await tidepool.api('getHost', {});
    return { queue, finding: observed?.findings.find(({ id }) => id === 'queue') };
  };
  const untilAnswering = () =>
    until('the host page to say that the queue answers', async () => {
      const { queue, finding } = await found();
      return queue.healthy && finding?.status === 'ok';
    });
  const expectDone = (job: Job) => {
    expect(job).toMatchObject({ status: 'succeeded', failures: 0 });
    expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
  };

  test('Tidepool starts before its queue, works without it, and says what is missing', async () => {
    expect(await tidepool.pids('packages/queue/src/main.ts')).toEqual([]);
    await createRunning(tidepool, 'survivor');
    const { queue, finding } = await found();
    const detail = `Nothing listens at ${url()}.`;
    expect(queue).toEqual({ kind: 'external', endpoint: url(), healthy: false, detail });
    expect(finding).toMatchObject({
      status: 'warning',
      detail,
      commands: [`npm run elasticmq -- --port ${port}`],
    });
    await up();
    await untilAnswering();
  });

  /** Long enough to be met: an editor that hears nothing keeps a stop waiting. */
  const moments: readonly (readonly [Action, StepName])[] = [
    ['stop', 'stopInstance'],
    ['start', 'ensureIde'],
    ['restart', 'stopInstance'],
    ['delete', 'stopInstance'],
    ['create', 'ensureIde'],
  ];

  test.each(moments)(
    'killed with -9 and started again in the middle of a %s, in %s, it is done',
    async (kind, step) => {
      if (step === 'stopInstance') await freezeEditor(tidepool, 'survivor');
      const { job } = await asked(kind);
      await until(`${step} to run`, async () => {
        const { steps } = await tidepool.api('getJob', called(job.id));
        return steps.some(({ name, status }) => name === step && status === 'running');
      });
      await down();
      const { status } = await tidepool.api('getJob', called(job.id));
      expect(status, 'it was struck in the middle').toBe('running');
      await up();
      expectDone(await finished(tidepool, { job }));
    },
  );

  test('the whole journey passes while it is killed with -9 and started again during each job', async () => {
    const events = await follow(tidepool);
    const struck = new Map<string, JobKind>();
    let over = false;
    const striking = (async () => {
      for (let next = 0; !over; await sleep(10)) {
        for (; next < events.length; next += 1) {
          const { job } = events[next]?.activity.detail ?? {};
          if (job === undefined || struck.has(job.id)) continue;
          struck.set(job.id, job.kind);
          await down();
          await up();
        }
      }
    })();
    try {
      await agentJourney(tidepool);
    } finally {
      over = true;
      await striking;
    }
    expect(new Set(struck.values())).toEqual(new Set(['create', 'routes', 'stop', 'start', 'delete']));
    expect(checkInvariants(`${tidepool.home}/tidepool.db`)).toEqual([]);
  });

  test('while it is down changes are accepted and done, and each process says so in one line', async () => {
    await untilAnswering();
    // A worker says that the queue is back when its receive has come back from there, the server at its next message.
    expectDone(await finished(tidepool, await asked('restart')));
    const saidLast = async (name: string) => (await said(name)).at(-1);
    for (const name of ['worker', 'server']) {
      await until(`${name} to have the queue back`, async () => (await saidLast(name)) === 'queue answers again');
    }
    const before = { worker: (await said('worker')).length, server: (await said('server')).length };
    await down();
    for (const kind of ['stop', 'start', 'restart'] as const) expectDone(await finished(tidepool, await asked(kind)));
    await tidepool.api('addPort', { ...called('survivor'), body: { port: 3000 } });
    await sleep(12_000);
    await up();
    await untilAnswering();
    expectDone(await finished(tidepool, await asked('stop')));
    expectDone(await finished(tidepool, await asked('start')));
    for (const name of ['worker', 'server'] as const) {
      await until(`${name} to have the queue back`, async () => (await saidLast(name)) === 'queue answers again');
      expect((await said(name)).slice(before[name])).toEqual([
        expect.stringMatching(/^queue does not answer/),
        'queue answers again',
      ]);
    }
  });

  const losses: Readonly<Record<string, () => Promise<void>>> = {
    purged: () => withQueues((client, QueueUrl) => client.send(new PurgeQueueCommand({ QueueUrl }))),
    'without its queues': () => withQueues((client, QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl }))),
    'without its database': async () => {
      await down();
      await rm(data, { recursive: true, force: true });
      data = await mkdtemp('/tmp/tp-mq-');
      await up();
    },
  };

  test.each(Object.keys(losses))('%s after a change was accepted, the change is carried out', async (loss) => {
    await untilAnswering();
    const [worker] = await tidepool.pids('packages/worker/src/main.ts');
    process.kill(Number(worker), 'SIGSTOP');
    await untilNobodyReceives();
    const { job } = await asked('restart');
    await until('its message to be in the queue', async () => (await waiting()).includes(job.id));
    await losses[loss]?.();
    expect(await waiting(), 'it is lost').toEqual([]);
    process.kill(Number(worker), 'SIGCONT');
    expectDone(await finished(tidepool, { job }));
    await untilAnswering();
    expectDone(await finished(tidepool, await asked('restart')));
  });

  async function asked(kind: Action): Promise<{ job: Job }> {
    if (kind === 'create') return tidepool.api('createWorkspace', { body: { name: 'survivor', memoryMiB: 512 } });
    return tidepool.api(`${kind}Workspace`, called('survivor'));
  }

  /** What a process logged about the queue, and of tasks that failed. */
  async function said(name: string): Promise<string[]> {
    const text = await readFile(`${tidepool.home}/.logs/_tidepool/${name}.jsonl`, 'utf8');
    return text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : logged.parse(JSON.parse(line)).msg))
      .filter((msg) => /^(queue|task) /.test(msg));
  }

  /** What a worker asked for before it was stopped is answered all the same, and would take the message out of the queue. */
  async function untilNobodyReceives(): Promise<void> {
    await withQueues(async (client, QueueUrl) => {
      const probe = `probe-${crypto.randomUUID()}`;
      await until('nobody to wait for messages', async () => {
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: probe }));
        return (await bodies(client, QueueUrl)).includes(probe);
      });
      await client.send(new PurgeQueueCommand({ QueueUrl }));
    });
  }

  /** Ids of the jobs whose messages can be received now; they stay in the queue. */
  async function waiting(): Promise<readonly string[]> {
    const found: string[] = [];
    await withQueues(async (client, QueueUrl) => {
      found.push(...(await bodies(client, QueueUrl)));
    });
    return found.map((body) => jobMessage.parse(JSON.parse(body)).jobId);
  }

  async function bodies(client: SQSClient, QueueUrl: string): Promise<readonly string[]> {
    const options = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, WaitTimeSeconds: 0 };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(options));
    return Messages.map(({ Body = '' }) => Body);
  }

  async function withQueues(use: (client: SQSClient, QueueUrl: string) => Promise<unknown>): Promise<void> {
    const client = new SQSClient({
      endpoint: url(),
      useQueueUrlAsEndpoint: false,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { QueueUrls = [] } = await client.send(new ListQueuesCommand());
    for (const QueueUrl of QueueUrls) await use(client, QueueUrl);
    client.destroy();
  }
});
