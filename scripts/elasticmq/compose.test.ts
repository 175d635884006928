/** compose.yaml says the same as `npm run elasticmq`: there is no Docker here to run it. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { elasticMqConfig, elasticMqImage, engineCommand } from '@tidepool/queue';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../root.ts';

const composeFile = z.strictObject({
  name: z.literal('tidepool'),
  services: z.strictObject({
    elasticmq: z.strictObject({
      image: z.string(),
      restart: z.string(),
      environment: z.record(z.string(), z.string()),
      ports: z.array(z.string()),
      volumes: z.array(z.string()),
    }),
  }),
  volumes: z.strictObject({ elasticmq: z.null() }),
});
const { elasticmq } = composeFile.parse(parse(readFileSync(join(root, 'compose.yaml'), 'utf8'))).services;

const docker = engineCommand({ kind: 'docker', container: 'any', user: '0:0' }, { data: '/srv/data', port: 9324 }).join(
  ' ',
);

test('both run the same pinned image with the same settings', () => {
  expect(elasticmq.image).toBe(elasticMqImage);
  expect(elasticmq.image).toMatch(/:\d+\.\d+\.\d+$/);
  for (const [name, value] of Object.entries(elasticmq.environment)) expect(docker).toContain(`--env ${name}=${value}`);
});

test('both listen on loopback only', () => {
  expect(elasticmq.ports).toEqual(['127.0.0.1:9324:9324']);
  expect(docker).toContain('--publish 127.0.0.1:9324:9324');
});

test('both read the one configuration, and keep what they are told on a disk', () => {
  const [config, data] = elasticmq.volumes.map((volume) => volume.split(':'));
  expect(config).toEqual(['./packages/queue/elasticmq.conf', '/opt/elasticmq.conf', 'ro']);
  expect(realpathSync(join(root, config?.[0] ?? ''))).toBe(realpathSync(elasticMqConfig));
  expect(docker).toContain(`source=${elasticMqConfig},target=/opt/elasticmq.conf,readonly`);
  expect(data).toEqual(['elasticmq', '/data']);
  expect(docker).toContain('target=/data');
});

test('a message is on the disk before its send is answered', () => {
  expect(readFileSync(elasticMqConfig, 'utf8')).toMatch(/uri = "jdbc:h2:"\$\{elasticmq-data\}".*;WRITE_DELAY=0"/);
});
