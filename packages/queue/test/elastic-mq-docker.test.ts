/** The contract and durability on ElasticMQ's own image, with our configuration: what production runs where there is Docker. */
import { spawnSync } from 'node:child_process';
import { pino } from 'pino';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeQueue } from '../src/contract.ts';
import { elasticMqConfig, elasticMqImage } from '../src/elastic-mq/release.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';
import { emptyQueues } from './empty-queues.ts';

const log = pino({ level: 'silent' });
const hasDocker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 }).status === 0;

describe.skipIf(!hasDocker)(`ElasticMQ's image${hasDocker ? '' : ' (skipped: no Docker engine here)'}`, () => {
  let container: StartedTestContainer;
  const endpoint = () => `http://${container.getHost()}:${container.getMappedPort(9324)}`;

  beforeAll(async () => {
    container = await new GenericContainer(elasticMqImage)
      .withEnvironment({ ELASTICMQ_BIND: '0.0.0.0' })
      .withCopyFilesToContainer([{ source: elasticMqConfig, target: '/opt/elasticmq.conf' }])
      .withExposedPorts(9324)
      .withWaitStrategy(Wait.forHttp('/health', 9324))
      .start();
  });
  afterAll(async () => {
    await container.stop();
  });

  describe('keeps the contract', () => {
    describeQueue(async ({ waitSeconds }) => {
      await emptyQueues(endpoint());
      return createSqsQueue({ endpoint: endpoint(), log, waitSeconds, restoreMs: 0 });
    });
  });

  test('a message outlives a kill -9 right after it was sent', async () => {
    await emptyQueues(endpoint());
    const before = createSqsQueue({ endpoint: endpoint(), log });
    await before.send('durable');
    before.close();
    // Without patience it is killed.
    await container.restart({ timeout: 0 });
    const after = createSqsQueue({ endpoint: endpoint(), log });
    expect(await after.receive({ max: 10, signal: AbortSignal.timeout(60_000) })).toMatchObject([{ body: 'durable' }]);
    after.close();
  });
});
