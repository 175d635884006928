/** The contract on ElasticMQ's own image: what production runs where there is Docker. */
import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeQueue } from '../src/contract.ts';
import { createSqsQueue } from '../src/sqs-queue.ts';
import { emptyQueues } from './empty-queues.ts';

const log = pino({ level: 'silent' });
const hasDocker = process.env.DOCKER_HOST !== undefined || existsSync('/var/run/docker.sock');

describe.skipIf(!hasDocker)(`ElasticMQ's image${hasDocker ? '' : ' (skipped: no Docker here)'}`, () => {
  let container: StartedTestContainer;
  const endpoint = () => `http://${container.getHost()}:${container.getMappedPort(9324)}`;

  beforeAll(async () => {
    container = await new GenericContainer('softwaremill/elasticmq-native:1.6.14')
      .withExposedPorts(9324)
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
  });
  afterAll(async () => {
    await container.stop();
  });

  describeQueue(async ({ waitSeconds }) => {
    await emptyQueues(endpoint());
    return createSqsQueue({ endpoint: endpoint(), log, waitSeconds });
  });
});
